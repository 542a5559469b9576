#!/usr/bin/env python3
"""Writes each package's PublicAPI.Unshipped.txt anew from its code: what is public and not in PublicAPI.Shipped.txt, and
what was shipped and is gone. The result depends on nothing else, so it also settles a conflict in these files.
usage: scripts/public-api.py
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HEADER = "#nullable enable"
ADDED, REMOVED = "RS0016", "RS0017"  # "not part of the declared public API", "declared, but could not be found"

root = pathlib.Path(__file__).resolve().parent.parent


def dotnet(*arguments):
    run = subprocess.run(["dotnet", *arguments], cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"{run.stdout}\nNothing is public API until it compiles.")
    return run.stdout.strip()


def write(file, entries):
    text = "".join(f"{line}\n" for line in [HEADER, *sorted(entries)])
    changed = not file.exists() or file.read_text(encoding="utf-8") != text
    if changed:
        file.write_text(text, encoding="utf-8")
    return changed


projects = [
    project for project in sorted(root.glob("src/*/*.csproj"))
    if dotnet("msbuild", str(project), "-getProperty:IsPackable") == "true"
]
before = {}
for project in projects:
    unshipped = project.parent / "PublicAPI.Unshipped.txt"
    before[unshipped] = unshipped.read_text(encoding="utf-8") if unshipped.exists() else None
    write(unshipped, [])
    if not (project.parent / "PublicAPI.Shipped.txt").exists():
        write(project.parent / "PublicAPI.Shipped.txt", [])

with tempfile.TemporaryDirectory() as folder:
    try:
        # Output of its own: everything is compiled, once, and the next build finds its own as it was.
        for project in projects:
            dotnet("build", str(project), "-nologo", "-v:quiet", "--artifacts-path", folder,
                   "-p:TreatWarningsAsErrors=false", f"-p:PublicApiLogs={folder}")
    except SystemExit:
        for file, text in before.items():
            if text is not None:
                file.write_text(text, encoding="utf-8")
        raise
    for project in projects:
        log = json.loads((pathlib.Path(folder) / f"{project.stem}.sarif").read_text(encoding="utf-8-sig"))
        entries = set()
        for result in log["runs"][0]["results"]:
            if result["ruleId"] in (ADDED, REMOVED):
                name = result["properties"]["customProperties"]["APIName"]
                entries.add(name if result["ruleId"] == ADDED else f"*REMOVED*{name}")
        unshipped = project.parent / "PublicAPI.Unshipped.txt"
        write(unshipped, entries)
        changed = unshipped.read_text(encoding="utf-8") != before[unshipped]
        print(f"{project.stem}: {len(entries)} entries{', changed' if changed else ''}")
