// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! For build.rs: reads the release that a build is for from Wireshark's own headers, in the folder `EPHEMERAL_HEADERS`.
//! For that, it compiles and runs the program that prints the rows of the table of releases.

use super::facts::{Facts, Prototype, differences, parse, prototypes};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the sources that are compiled here.
const SOURCES: &str = "tests/abi";

/// A release as its headers have it.
pub(crate) struct Release {
    /// `4.8`.
    pub name: String,
    /// The row as an expression of Rust.
    pub row: String,
    /// The functions with numbers whose signedness differs from include/epan.h. These numbers are passed the same way.
    pub signs: Vec<String>,
}

/// Reads the release, or says why it cannot be supported. Temporary files go to `scratch`.
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
        "Row {{ release: ({}), basis: Basis::Built, layout: eph_layout {{ {members} }} }}",
        name.replace('.', ", ")
    );
    Ok(Release { name, row, signs })
}

/// Returns which headers are missing of those that Wireshark's build generates, or moves when it installs them.
fn not_installed(wireshark: &Path) -> Vec<&'static str> {
    let lacks = |names: &[&str]| !names.iter().any(|name| wireshark.join(name).is_file());
    // 3.4 has its number in config.h.
    let needed: [&[&'static str]; 2] = [&["ws_symbol_export.h"], &["ws_version.h", "config.h"]];
    needed.into_iter().filter(|names| lacks(names)).map(|names| names[0]).collect()
}

/// Compares the prototypes. Returns those that differ only in signedness, or an error with those that differ in more.
fn other_signs(flags: &[String], scratch: &Path) -> Result<Vec<String>, String> {
    const FILE: &str = "prototypes.c";
    let object = ["-c".into(), "-o".into(), scratch.join("prototypes.o")];
    let Err(said) = compile(&Path::new(SOURCES).join(FILE), flags, &[], &object)? else { return Ok(Vec::new()) };
    let names = functions_that_differ(&said);
    if names.is_empty() {
        return Err(does_not_compile(FILE, &said));
    }
    let more = differ_in_more(&names, flags, scratch)?;
    if more.is_empty() {
        return Ok(names);
    }
    Err(format!("this Wireshark does not fit: include/epan.h declares another prototype of {}", more.join(", ")))
}

/// Returns the functions whose prototype differs from ours in more than signedness.
fn differ_in_more(names: &[String], flags: &[String], scratch: &Path) -> Result<Vec<String>, String> {
    let ours = fs::read_to_string("include/epan.h").map_err(|why| format!("include/epan.h: {why}"))?;
    let mut source = "#include \"host.h\"\n".to_owned();
    for ours in prototypes(&ours).iter().filter(|ours| names.contains(&ours.name)) {
        let name = &ours.name;
        let types = with_each_sign(ours);
        let same = types.iter().map(|ours| format!("__builtin_types_compatible_p(__typeof__({name}), {ours})"));
        let same = same.collect::<Vec<_>>().join(" || ");
        source.push_str(&format!("_Static_assert({same}, \"another prototype of {name}\");\n"));
    }
    let file = scratch.join("signs.c");
    fs::write(&file, source).map_err(|why| format!("{}: {why}", file.display()))?;
    let object = ["-c".into(), "-o".into(), scratch.join("signs.o")];
    Ok(compile(&file, flags, &[], &object)?.map_or_else(|said| functions_that_differ(&said), |()| Vec::new()))
}

/// Returns the type of a function, and the types that differ from it only in signedness.
fn with_each_sign(prototype: &Prototype) -> Vec<String> {
    let mut types: Vec<Vec<String>> = vec![Vec::new()];
    for part in [&prototype.result].into_iter().chain(&prototype.arguments) {
        let either = [Some(part.clone()), with_other_sign(part)];
        let longer = |parts: &Vec<String>| {
            either.iter().flatten().map(|part| [&parts[..], std::slice::from_ref(part)].concat()).collect::<Vec<_>>()
        };
        types = types.iter().flat_map(longer).collect();
    }
    let written = |parts: &Vec<String>| {
        let arguments = parts[1..].join(", ").replace(", EPAN_CONVERSATION_USER_DATA", " EPAN_CONVERSATION_USER_DATA");
        format!("{} ({arguments})", parts[0])
    };
    types.iter().map(written).collect()
}

/// If a result or an argument is a number, returns it with the other signedness.
fn with_other_sign(part: &str) -> Option<String> {
    let is_number = |word: &str| ["int", "unsigned", "uint32_t"].contains(&word);
    let other = |word| match word {
        "int" => "unsigned",
        word if is_number(word) => "int",
        word => word,
    };
    part.split(' ').any(is_number).then(|| part.split(' ').map(other).collect::<Vec<_>>().join(" "))
}

/// The compiler's flags for Wireshark's headers and those of GLib, which they include: from the same system if they are
/// there, else from this one.
fn flags(wireshark: &Path) -> Vec<String> {
    let mut folders = vec![wireshark.to_owned(), PathBuf::from(SOURCES)];
    if let (Some(include), Some(prefix)) = (wireshark.parent(), wireshark.ancestors().nth(2)) {
        folders.push(include.join("glib-2.0"));
        folders.push(prefix.join("lib/glib-2.0/include"));
        let systems = fs::read_dir(prefix.join("lib")).into_iter().flatten().flatten();
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
    compile(&Path::new(SOURCES).join(FILE), flags, more, &["-o".into(), program.to_owned()])?
        .map_err(|said| does_not_compile(FILE, &said))?;
    let printed = Command::new(program).output().map_err(|why| format!("{} does not run: {why}", program.display()))?;
    Ok(parse(&String::from_utf8_lossy(&printed.stdout)))
}

/// Compiles the file. Returns the compiler's messages if that fails.
fn compile(file: &Path, flags: &[String], more: &[&str], output: &[PathBuf]) -> Result<Result<(), String>, String> {
    let compiler = cc::Build::new().cargo_metadata(false).try_get_compiler().map_err(|why| why.to_string())?;
    // Reports all errors: clang would stop after twenty.
    let every_error = if compiler.is_like_clang() { "-ferror-limit=0" } else { "-fmax-errors=0" };
    let mut command = compiler.to_command();
    command.args(["-std=gnu11", "-w", every_error]);
    command.args(flags).arg(file).args(more).args(output);
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

/// Returns the functions that have another prototype or are missing, by the compiler's messages.
fn functions_that_differ(said: &str) -> Vec<String> {
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
