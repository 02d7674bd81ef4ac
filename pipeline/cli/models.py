"""Commands for the models of the engine ``nmt``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.console import FINDINGS, Console, common_options
from pipeline.wording import _, told
from pipeline.wording import listed as enumerated

if TYPE_CHECKING:
    from pipeline.engines.models.registry import Model
    from pipeline.engines.models.store import Store

Command = Callable[..., Any]

_MB = 1_000_000


@click.group()
def models() -> None:
    """Download translation models for the engine nmt.

    They work offline once they are here. Sizes and checksums come with Diglot, or with a list of
    yours; what is downloaded is used only if it fits them.
    """


def _model_command(command: Command) -> Command:
    """Add the options that all of these commands have; pass ``store``, not the project."""

    @click.option(
        "--folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Where models are; by default the setting engines.nmt.folder.",
    )
    @common_options
    @wraps(command)
    def wrapped(root: Path, folder: Path | None, **kwargs: Any) -> None:
        command(store=_store(root, folder), **kwargs)

    return models.command(command.__name__.rstrip("_"))(wrapped)


_list_option = click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file with more models.",
)

_names_argument = click.argument("names", nargs=-1, required=True, metavar="NAME...")


@_model_command
@_list_option
def list_(store: Store, listed: Path | None, console: Console) -> None:
    """List the models that there are."""
    from pipeline.engines.models import registry

    installed = store.installed()
    known = (*registry.load(listed), *installed)
    for model in {model.name: model for model in known}.values():
        state = _("pulled") if model in installed else ""
        direction = _("{source} to {target}").format(source=model.source, target=model.target)
        line = f"{model.name:16}  {direction}  {model.size / _MB:6.1f} MB"
        console.say(f"{line}  {model.licence:14}  {state}".rstrip())


@_model_command
@_list_option
@_names_argument
def pull(store: Store, listed: Path | None, names: tuple[str, ...], console: Console) -> None:
    """Download models; a download that was cut off goes on where it stopped."""
    from pipeline.engines.models import registry

    known = registry.load(listed)
    for model in [registry.find(known, name) for name in names]:
        with console.progress(model.name, model.size) as advance:
            store.pull(model, advance)
        said = _("{name}: {size:.1f} MB in {folder}")
        where = store.path(model)
        console.say(said.format(name=model.name, size=model.size / _MB, folder=where))


@_model_command
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_context
def verify(ctx: click.Context, store: Store, names: tuple[str, ...], console: Console) -> None:
    """Compare the files of pulled models with their checksums."""
    wanted = _pulled(store, names)
    broken = {model.name: store.broken(model) for model in wanted}
    for name, files in broken.items():
        said = _("{name}: as it should be")
        if files:
            said = _("{name}: damaged: {files}; remove the model and pull it again")
        console.say(said.format(name=name, files=told(enumerated(files))))
    ctx.exit(FINDINGS if any(broken.values()) else 0)


@_model_command
@_names_argument
def remove(store: Store, names: tuple[str, ...], console: Console) -> None:
    """Delete models, pulled or half pulled."""
    for name in names:
        said = _("{name}: removed {size:.1f} MB")
        console.say(said.format(name=name, size=store.remove(name) / _MB))


def _pulled(store: Store, names: tuple[str, ...]) -> list[Model]:
    from pipeline.engines.models import registry

    installed = store.installed()
    return [registry.find(installed, name) for name in names] if names else list(installed)


def _store(root: Path, folder: Path | None) -> Store:
    from pipeline.engines.models.store import Store, default_folder
    from pipeline.project import load_project

    configured = load_project(root).engines.get("nmt", {}).get("folder", "")
    return Store(folder or (Path(str(configured)).expanduser() if configured else default_folder()))
