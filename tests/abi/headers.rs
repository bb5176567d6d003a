// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! For build.rs: reads the release that a build is for from Wireshark's own headers, in the folder that `EPHEMERAL_HEADERS` names:
//! compiles and runs the program that prints the rows of the table of releases.

use super::facts::{Facts, differences, parse};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The source of what is compiled here.
const SOURCES: &str = "tests/abi";

/// A release as its headers have it.
pub(crate) struct Release {
    /// `4.8`.
    pub name: String,
    /// The row as an expression of Rust.
    pub row: String,
    /// The functions that take or return numbers of the other sign than include/epan.h says: they are passed the same way.
    pub signs: Vec<String>,
}

/// Reads it, or says why this release cannot be served. What is made on the way goes to `scratch`.
pub(crate) fn read(folder: &Path, scratch: &Path) -> Result<Release, String> {
    let wireshark = [folder.to_owned(), folder.join("wireshark"), folder.join("usr/include/wireshark")];
    let wireshark = wireshark.into_iter().find(|folder| folder.join("epan/packet.h").is_file());
    let wireshark = wireshark.ok_or_else(|| {
        format!("EPHEMERAL_HEADERS: there is no epan/packet.h in {}: install libwireshark-dev", folder.display())
    })?;
    let missing = not_installed(&wireshark);
    if !missing.is_empty() {
        return Err(format!(
            "EPHEMERAL_HEADERS: {} has no {}, so these are not installed headers but Wireshark's source, it seems: name \
             the folder that its `cmake --install BUILD --component Development` fills (include/wireshark), or install \
             libwireshark-dev",
            wireshark.display(),
            missing.join(" and no ")
        ));
    }
    let (host, target) = (env::var("HOST"), env::var("TARGET"));
    if host != target {
        let (host, target) = (host.unwrap_or_default(), target.unwrap_or_default());
        return Err(format!(
            "EPHEMERAL_HEADERS cannot be used to build for {target} on {host}: the program that reads the headers \
             would have to run there; build on such a machine, or add a row to the table (docs/releases.md)"
        ));
    }
    let flags = flags(&wireshark);
    let signs = other_signs(&flags, scratch)?;
    let theirs = facts(&flags, &[], &scratch.join("layout"))?;
    let ours = ["-DOURS".to_owned()];
    let ours = facts(&ours, &["plugin/dissector/statistics.c"], &scratch.join("layout-of-ours"))?;
    let differences = differences(&ours, &theirs);
    if !differences.is_empty() {
        return Err(format!("this Wireshark does not fit: {}", differences.join("; ")));
    }
    let name = theirs["release"].clone();
    let members = theirs.iter().filter_map(|(name, value)| Some(format!("{}: {value}", name.strip_prefix("row.")?)));
    let members = members.collect::<Vec<_>>().join(", ");
    let row = format!(
        "Row {{ release: ({}), known: Known::Built, layout: eph_layout {{ {members} }} }}",
        name.replace('.', ", ")
    );
    Ok(Release { name, row, signs })
}

/// What Wireshark's build makes or moves when it installs its headers, as far as it is not there.
fn not_installed(wireshark: &Path) -> Vec<&'static str> {
    let lacks = |names: &[&str]| !names.iter().any(|name| wireshark.join(name).is_file());
    // 3.4 has its number in config.h.
    let needed: [&[&'static str]; 2] = [&["ws_symbol_export.h"], &["ws_version.h", "config.h"]];
    needed.into_iter().filter(|names| lacks(names)).map(|names| names[0]).collect()
}

/// Compares the prototypes: names those that differ in signs only, or says which differ in more.
fn other_signs(flags: &[String], scratch: &Path) -> Result<Vec<String>, String> {
    const FILE: &str = "prototypes.c";
    let object = ["-c".into(), "-o".into(), scratch.join("prototypes.o")];
    let Err(said) = compile(FILE, flags, &[], &object)? else { return Ok(Vec::new()) };
    let names = misfits(&said);
    if names.is_empty() {
        return Err(does_not_compile(FILE, &said));
    }
    let declared = declarations(&names, flags).unwrap_or_default();
    let (signs, more): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| differs_in_signs(&declared, name));
    if more.is_empty() {
        return Ok(signs);
    }
    Err(format!("this Wireshark does not fit: include/epan.h declares another prototype of {}", more.join(", ")))
}

/// These functions as bindgen reads them, the release's and ours, without spaces.
fn declarations(names: &[String], flags: &[String]) -> Option<String> {
    let source = Path::new(SOURCES).join("signs.h");
    let of_both = names.iter().map(|name| format!("(ours_)?{name}"));
    let builder = bindgen::builder().header(source.to_str()?).clang_arg("-std=gnu11").clang_args(flags);
    let builder = of_both.fold(builder, |builder, name| builder.allowlist_function(name));
    let bindings = builder.allowlist_recursively(false).formatter(bindgen::Formatter::None).generate().ok()?;
    Some(bindings.to_string().split_whitespace().collect())
}

/// Whether the two declarations of a function are the same but for `int` and `unsigned`.
fn differs_in_signs(declared: &str, name: &str) -> bool {
    let of = |name: &str| {
        let start = declared.find(&format!("fn{name}("))? + "fn".len() + name.len();
        let text = &declared[start..];
        Some(text[..text.find(';')?].replace("c_uint", "c_int").replace("u32", "c_int").replace("::std::os::raw::", ""))
    };
    of(name).is_some_and(|theirs| of(&format!("ours_{name}")) == Some(theirs))
}

/// The compiler's flags for Wireshark's headers and those of GLib, which they include: from the same system if they are
/// there, else from this one.
fn flags(wireshark: &Path) -> Vec<String> {
    let mut folders = vec![wireshark.to_owned(), PathBuf::from(SOURCES)];
    if let (Some(include), Some(prefix)) = (wireshark.parent(), wireshark.ancestors().nth(2)) {
        folders.push(include.join("glib-2.0"));
        folders.push(prefix.join("lib/glib-2.0/include"));
        let systems = std::fs::read_dir(prefix.join("lib")).into_iter().flatten().flatten();
        folders.extend(systems.map(|system| system.path().join("glib-2.0/include")).filter(|path| path.is_dir()));
    }
    let mut flags: Vec<_> = folders.iter().map(|folder| format!("-I{}", folder.display())).collect();
    if let Ok(found) = Command::new("pkg-config").args(["--cflags", "glib-2.0"]).output() {
        flags.extend(String::from_utf8_lossy(&found.stdout).split_whitespace().map(str::to_owned));
    }
    flags
}

fn facts(flags: &[String], more: &[&str], program: &Path) -> Result<Facts, String> {
    const FILE: &str = "layout.c";
    compile(FILE, flags, more, &["-o".into(), program.to_owned()])?.map_err(|said| does_not_compile(FILE, &said))?;
    let printed = Command::new(program).output().map_err(|why| format!("{} does not run: {why}", program.display()))?;
    Ok(parse(&String::from_utf8_lossy(&printed.stdout)))
}

/// Compiles it; if that fails, what the compiler said.
fn compile(file: &str, flags: &[String], more: &[&str], output: &[PathBuf]) -> Result<Result<(), String>, String> {
    let compiler = cc::Build::new().cargo_metadata(false).try_get_compiler().map_err(|why| why.to_string())?;
    // All that is wrong, not only the first: clang stops after twenty errors.
    let every_error = if compiler.is_like_clang() { "-ferror-limit=0" } else { "-fmax-errors=0" };
    let mut command = compiler.to_command();
    command.args(["-std=gnu11", "-w", every_error]);
    command.args(flags).arg(Path::new(SOURCES).join(file)).args(more).args(output);
    let compiled = command.output().map_err(|why| format!("the C compiler does not run: {why}"))?;
    if compiled.status.success() {
        return Ok(Ok(()));
    }
    Ok(Err(String::from_utf8_lossy(&compiled.stderr).into_owned()))
}

fn does_not_compile(file: &str, said: &str) -> String {
    let first = said.lines().find(|line| line.contains("error")).unwrap_or("no reason given");
    format!("{SOURCES}/{file} does not compile against these headers: {first}")
}

/// The functions whose prototype is another one, or that are not there, by what the compiler said.
fn misfits(said: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in said.lines().filter(|line| line.contains("error")) {
        let word = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned();
        let other = line.split_once("another prototype of ").map(|(_, rest)| word(rest));
        let quoted = || line.split(['\'', '‘', '’']).nth(1).map(str::to_owned);
        let missing = if line.contains("undeclared") { quoted() } else { None };
        names.extend(other.or(missing).filter(|name| !name.is_empty()));
    }
    names.dedup();
    names
}
