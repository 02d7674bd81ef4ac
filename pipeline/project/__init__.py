"""A project: its settings, its posts, its locales, and where what belongs to a post lies."""

from pipeline.project.locales import bcp47, gettext_name, language_name, long_date, match_locale
from pipeline.project.posts import (
    POST_FOLDERS,
    Post,
    catalog_folder,
    catalog_path,
    find_posts,
    glossary_files,
    glossary_path,
    glossary_paths,
    inside,
    output_path,
    page_path,
    posts_folder,
    source_locale,
    template_path,
)
from pipeline.project.settings import SETTINGS, Project, Setting, Source, load_project

__all__ = [
    "POST_FOLDERS",
    "SETTINGS",
    "Post",
    "Project",
    "Setting",
    "Source",
    "bcp47",
    "catalog_folder",
    "catalog_path",
    "find_posts",
    "gettext_name",
    "glossary_files",
    "glossary_path",
    "glossary_paths",
    "inside",
    "language_name",
    "load_project",
    "long_date",
    "match_locale",
    "output_path",
    "page_path",
    "posts_folder",
    "source_locale",
    "template_path",
]
