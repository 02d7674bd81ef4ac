"""The whole program: extract, translate, build, check, status; one module a stage.

A stage reads posts and catalogs and writes catalogs or built posts; no stage calls another. A
stage makes everything before it writes anything, so that a mistake anywhere leaves every file as
it was; only ``translate``, whose work is costly, saves as it goes. What a stage did for a post is
remembered as long as nothing that it depends on changes (see ``pipeline.batch``). Each module is
imported when its stage is run: most of them need only a part of the program.
"""
