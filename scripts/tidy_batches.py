#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tidy_batches.py TREE FILE...: sources that clang-tidy is to see several at once.

Most of what it looks at in a source is the headers of the JSON library, of Catch2 and of formatting.
Each batch includes some of the files of a layer, so that it does so once for all of them. Writes the
batches into TREE/batches/LAYER, with the compile commands that the files have in TREE and the
settings that they have in their layer; prints a line "FOLDER BATCH" for each.
"""
import itertools
import json
import pathlib
import sys

FILES_EACH = 8
# Checks that are not for files which include sources.
NOT_HERE = ["bugprone-suspicious-include", "google-global-names-in-headers"]
NO_SETTINGS = "InheritParentConfig: true\nChecks: >\n  "


def write_if_new(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write_layer(root, folder, files, known):
    folder.mkdir(parents=True, exist_ok=True)
    settings = root / folder.name / ".clang-tidy"
    start = settings.read_text().rstrip() + ",\n  " if settings.exists() else NO_SETTINGS
    write_if_new(folder / ".clang-tidy", start + ",\n  ".join(f"-{check}" for check in NOT_HERE) + "\n")
    commands = []
    for first in range(0, len(files), FILES_EACH):
        part = files[first : first + FILES_EACH]
        batch = folder / f"batch_{first // FILES_EACH}.cpp"
        write_if_new(batch, "".join(f'#include "{file}"\n' for file in part))
        like = known[str(root / part[0])]
        command = like["command"].replace(like["file"], str(batch))
        commands.append({"directory": like["directory"], "command": command, "file": str(batch)})
        print(folder.relative_to(root), batch.relative_to(root))
    write_if_new(folder / "compile_commands.json", json.dumps(commands, indent=1))


def main(tree, files):
    root = pathlib.Path.cwd()
    tree = pathlib.Path(tree).resolve()
    known = {entry["file"]: entry for entry in json.loads((tree / "compile_commands.json").read_text())}
    for layer, part in itertools.groupby(sorted(files), key=lambda file: file.split("/")[0]):
        write_layer(root, tree / "batches" / layer, list(part), known)


main(sys.argv[1], sys.argv[2:])
