// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! For build.rs with the feature `bindgen`: generates `src/host/api/bindings.rs` from our headers, and
//! `plugin/dissector/layout.c`, which checks that a C compiler has the same layout. `sh tests/bindings.sh` runs this.
//!
//! Our headers are the same for each supported release, system and processor, and so are these files.

use std::fmt::Write;
use std::fs;
use std::path::Path;

const NOTICE: &str = "\
// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

// Made by `sh tests/bindings.sh --write` from include/epan.h and the headers in plugin/dissector: do not edit.
";

/// Turns each declaration in epan.h into a function type of that name. src/host/api/epan.rs looks the functions up.
const FUNCTION_TYPES: &str = "-DEPAN_FN(result,name,arguments)=typedef result name arguments;";

/// Writes both files to a folder.
pub(crate) fn write(folder: &Path) -> Result<(), String> {
    let rust = bindings()?;
    let files = [("bindings.rs", format!("{NOTICE}\n{rust}")), ("layout.c", layout(&rust))];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    Ok(())
}

fn bindings() -> Result<String, String> {
    let oldest = bindgen::RustTarget::stable(85, 0).map_err(|why| why.to_string())?;
    let bindings = bindgen::builder()
        .header("plugin/dissector/boundary.h")
        .header("plugin/dissector/services_statistic.h")
        .header("plugin/dissector/internal.h")
        .header("plugin/dissector/port_dissectors.h")
        .header("plugin/dissector/statistics.h")
        .header("plugin/dissector/tables.h")
        .header("plugin/dissector/window.h")
        .clang_arg(FUNCTION_TYPES)
        .allowlist_file(".*/epan\\.h")
        // Functions that Rust calls or passes to the host. Only C files call the others.
        .allowlist_function(
            "eph_(bind|port_dissectors_.*|dissect|dissect_(tcp|udp).*|write|open_file|packets_checked|shows_hosts|check_layout|compare_ports|services_statistic_.*|statistics_.*|tables_.*|conversation_.*|menu_.*)",
        )
        .allowlist_type("eph_.*|ephemeral_tap_record")
        .allowlist_var("EPH_.*|eph_(field|expert)_infos")
        .rust_target(oldest)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .disable_header_comment()
        .layout_tests(true)
        .generate_comments(false)
        .prepend_enum_name(false)
        .formatter(bindgen::Formatter::Prettyplease)
        .generate()
        .map_err(|why| {
            let why = why.to_string();
            // Some distributions have these headers in a separate package.
            let headers = if why.contains("file not found") { "libclang's headers are missing: " } else { "" };
            format!("{headers}the bindings cannot be made: {why}")
        })?;
    Ok(bindings.to_string())
}

/// Returns C that only compiles if structures and constants are as in these bindings. The bindings contain the same
/// assertions for Rust.
fn layout(bindings: &str) -> String {
    let mut c = NOTICE.to_owned();
    c.push_str("\n#include \"services_statistic.h\"\n#include \"internal.h\"\n#include \"port_dissectors.h\"\n#include \"statistics.h\"\n#include \"tables.h\"\n#include \"window.h\"\n\n");
    c.push_str("#define IS(what, number) _Static_assert(what == number, #what \" is another: run sh tests/bindings.sh --write\")\n\n");
    // prettyplease wraps long lines.
    let flat = bindings.split_whitespace().collect::<Vec<_>>().join(" ");
    for statement in flat.split(';') {
        let statement = statement.trim();
        let asserted = constant(statement).or_else(|| size(&flat, statement)).or_else(|| offset(&flat, statement));
        if let Some((what, number)) = asserted {
            writeln!(c, "IS({what}, {number});").expect("a String takes it");
        }
    }
    c
}

/// `pub const NAME: TYPE = NUMBER`
fn constant(statement: &str) -> Option<(String, u64)> {
    let (_, constant) = statement.rsplit_once("pub const ")?;
    let (name, value) = constant.split_once(": ")?;
    Some((name.to_owned(), value.split_once(" = ")?.1.parse().ok()?))
}

/// `["Size of NAME"][::std::mem::size_of::<NAME>() - NUMBERusize]`
fn size(bindings: &str, statement: &str) -> Option<(String, u64)> {
    let (_, text) = statement.split_once("\"Size of ")?;
    Some((format!("sizeof({})", tagged(bindings, text.split_once('"')?.0)), number_at_end(text)?))
}

/// Returns the name of a type in C.
fn tagged(bindings: &str, name: &str) -> String {
    let is_union = bindings.contains(&format!("pub union {name} "));
    format!("{} {name}", if is_union { "union" } else { "struct" })
}

/// `["Offset of field: NAME::MEMBER"][::std::mem::offset_of!(NAME, MEMBER) - NUMBERusize]`
fn offset(bindings: &str, statement: &str) -> Option<(String, u64)> {
    let (_, text) = statement.split_once("\"Offset of field: ")?;
    let (structure, member) = text.split_once('"')?.0.split_once("::")?;
    // bindgen appends an underscore to a name that is a keyword in Rust.
    let member = member.trim_end_matches('_');
    Some((format!("offsetof({}, {member})", tagged(bindings, structure)), number_at_end(text)?))
}

/// `... - NUMBERusize]`
fn number_at_end(text: &str) -> Option<u64> {
    text.rsplit_once("- ")?.1.strip_suffix("usize]")?.parse().ok()
}
