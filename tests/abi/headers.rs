//! For build.rs: reads the release that a build is for from Wireshark's own headers, in the folder that `EPHEMERAL_HEADERS` names:
//! compiles and runs the program that prints the rows of the table of releases.

use super::facts::{differences, parse, Facts};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The source of what is compiled here.
const SOURCES: &str = "tests/abi";

/// A release as its headers have it.
pub struct Release {
    /// `4.8`.
    pub name: String,
    /// The row as an expression of Rust.
    pub row: String,
}

/// Reads it, or says why this release cannot be served. What is made on the way goes to `scratch`.
pub fn read(folder: &Path, scratch: &Path) -> Result<Release, String> {
    let wireshark = [folder.to_owned(), folder.join("wireshark"), folder.join("usr/include/wireshark")];
    let wireshark = wireshark.into_iter().find(|folder| folder.join("epan/packet.h").is_file());
    let wireshark = wireshark.ok_or_else(|| {
        format!("EPHEMERAL_HEADERS: there is no epan/packet.h in {}: install libwireshark-dev", folder.display())
    })?;
    let (host, target) = (env::var("HOST"), env::var("TARGET"));
    if host != target {
        let (host, target) = (host.unwrap_or_default(), target.unwrap_or_default());
        return Err(format!(
            "EPHEMERAL_HEADERS cannot be used to build for {target} on {host}: the program that reads the headers \
             would have to run there; build on such a machine, or add a row to the table (docs/releases.md)"
        ));
    }
    let flags = flags(&wireshark);
    compile("prototypes.c", &flags, &[], &["-c".into(), "-o".into(), scratch.join("prototypes.o")])?;
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
    let row = format!("Row {{ release: ({}), layout: eph_layout {{ {members} }} }}", name.replace('.', ", "));
    Ok(Release { name, row })
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
    compile("layout.c", flags, more, &["-o".into(), program.to_owned()])?;
    let printed = Command::new(program).output().map_err(|why| format!("{} does not run: {why}", program.display()))?;
    Ok(parse(&String::from_utf8_lossy(&printed.stdout)))
}

fn compile(file: &str, flags: &[String], more: &[&str], output: &[PathBuf]) -> Result<(), String> {
    let mut compiler =
        cc::Build::new().cargo_metadata(false).try_get_compiler().map_err(|why| why.to_string())?.to_command();
    compiler.args(["-std=gnu11", "-w"]).args(flags).arg(Path::new(SOURCES).join(file)).args(more).args(output);
    let compiled = compiler.output().map_err(|why| format!("the C compiler does not run: {why}"))?;
    if compiled.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&compiled.stderr);
    let names = misfits(&said);
    if names.is_empty() {
        let first = said.lines().find(|line| line.contains("error")).unwrap_or("no reason given");
        return Err(format!("{SOURCES}/{file} does not compile against these headers: {first}"));
    }
    Err(format!("this Wireshark does not fit: include/epan.h declares another prototype of {}", names.join(", ")))
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
