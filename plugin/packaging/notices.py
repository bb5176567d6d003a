#!/usr/bin/env python3
"""Prints the notices of what the plugin's file contains besides our own code: each library of Cargo.lock that is linked
into it, for any of its systems, with the licence that we take it under and that licence's text, as the library has it.

    python3 plugin/packaging/notices.py >plugin/packaging/THIRD-PARTY.md

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import re
import subprocess
import sys
from pathlib import Path

# If a library offers several licenses, the first of these is taken. Each is compatible with the GPL 2.
TAKEN = ["MIT", "ISC", "Zlib"]


def linked():
    """The libraries that are linked into the file, as `cargo metadata` describes them."""
    said = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"], check=True, stdout=subprocess.PIPE
    )
    metadata = json.loads(said.stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    seen, ahead = set(), [root]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        for dependency in nodes[name]["deps"]:
            # Dependencies of builds and tests are left out; so are macros, which run in the compiler.
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            is_macro = any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
            if is_linked and not is_macro:
                ahead.append(dependency["pkg"])
    seen.remove(root)
    return sorted((packages[name] for name in seen), key=lambda package: package["name"])


def licence(package):
    """Which of its licences is taken, and the text of that one."""
    offered = re.split(r"\s+OR\s+|/", package["license"] or "")
    taken = next((one for one in TAKEN if one in offered), None)
    if not taken:
        sys.exit(f"notices.py: {package['name']} is under {package['license']}: is that one for us?")
    folder = Path(package["manifest_path"]).parent
    files = {file.name.lower(): file for file in folder.iterdir() if file.is_file()}
    for name in (f"license-{taken.lower()}", f"license-{taken.lower()}.md", "license", "license.md", "license.txt"):
        if name in files:
            return taken, files[name].read_text(encoding="utf-8").strip()
    authors = ", ".join(re.sub(r"\s*<.*?>", "", author) for author in package["authors"])
    if taken != "MIT" or not authors:
        sys.exit(f"notices.py: {package['name']} has neither a text of its licence {taken} nor authors")
    return taken, f"Copyright {authors}. It has no text of the MIT licence with it: it is as that of `log`."


def main():
    print("# Third-party notices\n")
    print("The plugin's file contains these libraries besides its own code, which is under GPL-2.0-or-later (LICENSE).")
    print("It also contains parts of Rust's standard library, copyright The Rust Project Developers, under the MIT licence")
    print("(https://github.com/rust-lang/rust/blob/HEAD/LICENSE-MIT), whose text is as that of `log`.\n")
    for package in linked():
        taken, text = licence(package)
        print(f"## {package['name']} {package['version']} ({taken})\n")
        print("\n".join(f"    {line}".rstrip() for line in text.splitlines()))
        print()


main()
