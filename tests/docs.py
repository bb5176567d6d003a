"""Checks the pages (*.md) and the heads of the source files.

    docs.py        from the root of the project

Each link in a page leads to a file, and its anchor to a heading of that page. Some page shows each picture in
docs/images. The pages name this version and this Rust. Each source file names the copyright holder and the license. Only
Cargo.toml has the address of the repository. No source is longer than CONTRIBUTING.md says, except for those that it
names; clippy.toml sets the same limit for functions in Rust. If a page about the source names a function, the source has
that function, and so does the file that a link beside it leads to.
"""

import os
import re
import sys

NOT_OURS = {"target", "build", "dist", ".git", "__pycache__"}
HOLDER = "SPDX-FileCopyrightText: The Ephemeral Ports authors"
LICENSE = "SPDX-License-Identifier: GPL-2.0-or-later"
SOURCES = (".c", ".h", ".rs", ".sh", ".py", ".cmd", ".lua", ".yml", "CMakeLists.txt", ".toml")

# Lines of code, without comments: of a file, and of a function in C, a shell script or Python.
MOST_LINES, MOST_IN_FUNCTION = 400, 60
# The first line of a function, and the last one.
FUNCTIONS = {".c": (r"^\{$", r"^\}"), ".sh": (r"^\w+\(\) [{(]$", r"^[})]"), ".py": (r"^def ", r"^\S")}


def files():
    for folder, folders, names in os.walk("."):
        folders[:] = sorted(set(folders) - NOT_OURS)
        yield from (os.path.normpath(os.path.join(folder, name)) for name in sorted(names))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def is_script(path):
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def without_code(page):
    """Examples are indented by four, or between fences; words of code are between backquotes."""
    page = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    page = re.sub(r"^ {4}.*$", "", page, flags=re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", page)


def anchors(page):
    """Of each heading, as GitHub makes them: letters, digits and hyphens in lower case."""
    headings = re.findall(r"^#+ +(.+?)\s*$", re.sub(r"^ {4}.*$", "", page, flags=re.MULTILINE), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong_links(pages):
    for page, text in pages.items():
        for link in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            if not os.path.exists(target):
                yield f"{page}: {link}: there is no {target}"
            elif anchor and anchor not in anchors(pages.get(target, "")):
                yield f"{page}: {link}: {target} has no such heading"


def unused_pictures(pages):
    for picture in os.listdir("docs/images"):
        shown = (f"]({os.path.relpath('docs/images/' + picture, os.path.dirname(page) or '.')})" in text
                 for page, text in pages.items())
        if not any(shown):
            yield f"docs/images/{picture}: no page shows it"


def package(key):
    return re.search(rf'^{key} = "(.+)"$', read("Cargo.toml"), flags=re.MULTILINE)[1]


def old_versions(pages):
    for page, text in pages.items():
        for version in re.findall(r"ephemeral-(?:ports_)?(\d+\.\d+\.\d+)", text):
            if version != package("version"):
                yield f"{page}: names an archive of {version}"
        for rust in re.findall(r"Rust (\d+\.\d+) or newer", text):
            if rust != package("rust-version"):
                yield f"{page}: names Rust {rust}"


def headless_sources(sources):
    for path, text in sources.items():
        missing = [line for line in (HOLDER, LICENSE) if line not in text[:5000]]
        if missing:
            yield f"{path}: lacks {' and '.join(missing)}"


def other_addresses(texts):
    for path, text in texts.items():
        if package("repository") in text and path != "Cargo.toml":
            yield f"{path}: has the repository's address, which Cargo.toml has"


def has_function(text, name):
    return re.search(rf"\b{name}[(<]", text) is not None


def gone_functions(pages, sources):
    """Of the pages that lead through the source."""
    everything = "\n".join(text for path, text in sources.items() if path.startswith(("src/", "plugin/")))
    for page in ("docs/how-it-decides.md", "docs/architecture.md"):
        for function in re.findall(r"`(?:\w+::)*(\w+)\(\)`", pages[page]):
            if not has_function(everything, function):
                yield f"{page}: there is no {function}() in the source"


# A function beside the link to its file, or as the text of that link.
FUNCTION_IN_FILE = (
    r"`(?:\w+::)*(?P<function>\w+)\(\)` in\s+\[[^\]]*\]\((?P<path>[^)#]*)\)",
    r"\[[^\]]*\]\((?P<path>[^)#]*)\): `(?:\w+::)*(?P<function>\w+)\(\)`",
    r"\[`(?:\w+::)*(?P<function>\w+)\(\)`\]\((?P<path>[^)#]*)\)",
)


def moved_functions(pages, sources):
    for page, text in pages.items():
        for pattern in FUNCTION_IN_FILE:
            for found in re.finditer(pattern, text):
                path = os.path.normpath(os.path.join(os.path.dirname(page), found["path"]))
                if path in sources and not has_function(sources[path], found["function"]):
                    yield f"{page}: {path} has no {found['function']}()"


def code(path, text):
    """The lines that are code."""
    if path.endswith((".c", ".h")):
        text = re.sub(r"^ *\/\*.*?\*\/$", "", text, flags=re.MULTILINE | re.DOTALL)
    comment = {".cmd": "rem ", ".lua": "--"}.get(os.path.splitext(path)[1], "//" if path.endswith((".rs", ".c", ".h")) else "#")
    return [line for line in text.split("\n") if line.strip() and not line.strip().startswith(comment)]


def longest_function(path, lines):
    first, last = FUNCTIONS.get(os.path.splitext(path)[1], (None, None))
    longest, start = 0, None
    for number, line in enumerate([*lines, "end"] if first else []):
        if start is not None and re.match(last, line):
            longest, start = max(longest, number - start - 1), None
        if start is None and re.match(first, line):
            start = number
    return longest


def long_sources(sources, contributing):
    """The rule in `contributing` that names the limits also says which files may be long."""
    rule = re.search(rf"^- \*\*A file has at most {MOST_LINES} .*?\n(?=- |\n)", contributing, re.MULTILINE | re.DOTALL)[0]
    allowed = set(re.findall(r"`([\w/.-]+/[\w.-]+\.\w+)`", rule))
    for path, text in sources.items():
        lines = code(path, text)
        function = longest_function(path, lines)
        is_long = len(lines) > MOST_LINES or function > MOST_IN_FUNCTION
        if is_long and path not in allowed:
            yield f"{path}: has {len(lines)} lines of code, its longest function {function}: CONTRIBUTING.md, Rules"
        if path in allowed and not is_long:
            yield f"CONTRIBUTING.md: says that {path} is long, which it is not"


def main():
    paths = list(files())
    pages = {path: read(path) for path in paths if path.endswith(".md")}
    sources = {path: read(path) for path in paths if path.endswith(SOURCES) or is_script(path)}
    found = [
        *wrong_links(pages), *unused_pictures(pages), *old_versions(pages),
        *headless_sources(sources), *other_addresses({**pages, **sources}),
        *long_sources(sources, pages["CONTRIBUTING.md"]), *gone_functions(pages, sources), *moved_functions(pages, sources),
    ]
    if found:
        print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
