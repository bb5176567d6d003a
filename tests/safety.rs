// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Checks that SAFETY.md agrees with the source: the tests and files that it names exist, and its limits are those in
//! the code. Needs no Wireshark.

use ephemeral::roles::RoleTracker;
use std::fs;
use std::path::Path;

/// Returns SAFETY.md in one line, because a name may be wrapped.
fn safety() -> String {
    fs::read_to_string("SAFETY.md").expect("SAFETY.md").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Appends all files below a folder.
fn source(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            source(&path, into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            into.push_str(&text);
        }
    }
}

fn source_of(folders: &[&str]) -> String {
    let mut text = String::new();
    folders.iter().for_each(|folder| source(Path::new(folder), &mut text));
    text
}

#[test]
fn each_test_that_is_named_is_there() {
    // Names of the host, C or Rust that look like those of tests.
    const NO_TESTS: [&str; 7] =
        ["add_endpoint_table_data", "copy_address", "enum_val_t", "epan_init", "g_strdup", "uint64_t", "unsafe_code"];
    let (safety, rust) = (safety(), source_of(&["src", "tests"]));
    let host = source_of(&["include"]);
    let is_name = |name: &&str| {
        name.contains('_')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let mut named = 0;
    for name in quoted(&safety).filter(is_name).filter(|name| !NO_TESTS.contains(name)) {
        let is_test = rust.split_once(&format!("fn {name}(")).is_some_and(|(before, _)| {
            before.rsplit(['{', '}']).next().is_some_and(|attributes| attributes.contains("#[test]"))
        });
        named += usize::from(is_test);
        assert!(is_test || host.contains(name), "SAFETY.md names {name}, which is no test");
    }
    assert!(named > 50, "{named}");
}

#[test]
fn each_file_that_is_named_is_there_and_has_what_is_said() {
    let safety = safety();
    let mut parts = safety.split('`').peekable();
    let mut headings = 0;
    // The text before a backtick, then the text after it.
    while let (Some(_), Some(quoted)) = (parts.next(), parts.next()) {
        let Some(file) = quoted.strip_prefix("sh ").unwrap_or(quoted).split(' ').next() else { continue };
        if !["tests/", "src/", "plugin/", "include/", "docs/"].iter().any(|folder| file.starts_with(folder)) {
            continue;
        }
        assert!(Path::new(file).exists(), "SAFETY.md names {file}");
        // Quoted texts in the parentheses that follow are headings or checks in that file.
        let behind = parts.peek().and_then(|behind| behind.trim_start().strip_prefix('(')).unwrap_or("");
        let text = fs::read_to_string(file).unwrap_or_default();
        for heading in behind.split(')').next().unwrap_or("").split('"').skip(1).step_by(2) {
            let is_there = heading.split('…').all(|part| text.contains(part.trim().trim_end_matches(',')));
            assert!(is_there, "SAFETY.md names {heading} of {file}");
            headings += 1;
        }
    }
    assert!(headings > 15, "{headings}");
}

/// SAFETY.md marks what no test holds, always with the same words, and names the file in Wireshark's source if it is
/// there.
#[test]
fn what_is_relied_on_is_told_apart() {
    let safety = fs::read_to_string("SAFETY.md").expect("SAFETY.md");
    let prose: String = safety.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let prose = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    for vague in ["is believed", "Believed", ": believed", "ead in the source", "y reading their", "is only read in"] {
        let allowed = usize::from(vague == "is believed"); // "The last header is believed only where ..."
        assert!(prose.matches(vague).count() <= allowed, "SAFETY.md says: {vague}");
    }
    let relied_on: Vec<&str> = prose.split("*Relied on, not tested").skip(2).collect();
    assert!(relied_on.len() > 8, "{}", relied_on.len());
    assert!(prose.contains("with its function and file in 4.0.17"));
    for file in quoted(&safety).filter(|name| name.starts_with("epan/") || name.starts_with("wsutil/")) {
        assert!(file.ends_with(".c") || file.ends_with('/'), "{file}");
    }
}

/// Returns each prototype of include/epan.h: result, name and arguments.
fn bound() -> Vec<(String, String, String)> {
    let header = fs::read_to_string("include/epan.h").expect("include/epan.h");
    let header = header.split_whitespace().collect::<Vec<_>>().join(" ");
    let prototype = |text: &str| {
        let (result, rest) = text.split_once(',')?;
        let (name, rest) = rest.split_once(',')?;
        Some((result.trim().to_owned(), name.trim().to_owned(), rest.split("))").next()?.trim().to_owned()))
    };
    header.split("EPAN_FN(").skip(1).filter_map(prototype).filter(|(result, ..)| result != "result").collect()
}

/// On Windows, the plugin and Wireshark have different C runtimes.
#[test]
fn no_stream_and_no_other_allocation_is_bound() {
    let bound = bound();
    assert!(bound.len() > 70, "{}", bound.len());
    // uat_new() gets the size of a row: the host allocates its own rows.
    for (result, name, arguments) in bound.iter().filter(|(_, name, _)| name != "uat_new") {
        for theirs in ["FILE", "va_list", "errno", "fd)", "fd,", "size_t"] {
            assert!(!result.contains(theirs) && !arguments.contains(theirs), "{name}{arguments}");
        }
    }
    let named = |is_it: &dyn Fn(&(String, String, String)) -> bool| -> Vec<&str> {
        bound.iter().filter(|function| is_it(function)).map(|(_, name, _)| name.as_str()).collect()
    };
    // Functions whose result we own.
    assert_eq!(named(&|(result, ..)| result == "char *"), ["address_to_display", "g_strdup"]);
    let allocates = |name: &str| ["alloc", "free", "dup", "open", "print"].iter().any(|word| name.contains(word));
    assert_eq!(named(&|(_, name, _)| allocates(name)), ["wmem_free", "g_strdup"]);
    for file in fs::read_dir("plugin/dissector").expect("the C part") {
        let path = file.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("text");
        let is_of_a_word = |byte: char| byte.is_ascii_alphanumeric() || byte == '_';
        for word in text.split(|byte| !is_of_a_word(byte)).filter(|_| !path.ends_with("faults.c")) {
            let theirs =
                ["malloc", "calloc", "realloc", "free", "strdup", "FILE", "fopen", "printf", "errno", "stderr"];
            assert!(!theirs.contains(&word), "{word} in {}", path.display());
        }
    }
}

/// A format that came from a packet could write anywhere.
#[test]
fn formats_are_constants() {
    let mut found = 0;
    let text = source_of(&["plugin/dissector"]);
    for (function, before) in [("proto_item_set_text(", 1), ("expert_add_info_format(", 3)] {
        for call in text.split(&format!("calls->{function}")).skip(1) {
            let call = call.split(");").next().unwrap_or("");
            // The arguments before the format, the format, and the rest.
            let parts: Vec<&str> = call.splitn(3, '"').collect();
            let [front, format, behind] = parts[..] else { panic!("{function}{call}") };
            let is_constant = front.trim_end().ends_with(',') && behind.starts_with(',');
            assert!(is_constant && front.matches(',').count() == before, "{function}{call}");
            assert!(format.split('%').skip(1).all(|rest| rest.starts_with('s')), "{function}{call}");
            found += 1;
        }
    }
    assert!(found > 3, "{found}");
    // The host formats each column of the statistic of services.
    let columns = fs::read_to_string("src/host/registration/services_statistic.rs").expect("the statistic of services");
    let columns: Vec<&str> = columns.split(" column(c\"").skip(1).filter_map(|call| call.split("),").next()).collect();
    assert_eq!(columns.len(), 8);
    for column in columns {
        let ends_with = if column.contains("TABLE_ITEM_UINT") { "u\"" } else { "s\"" };
        let format = column.rsplit("c\"").next().expect("a format");
        assert!(format.starts_with('%') && format.matches('%').count() == 1 && format.ends_with(ends_with), "{column}");
    }
    let logging = fs::read_to_string("src/host/guard/logging.rs").expect("what writes to the log");
    assert!(logging.contains("const FORMAT: &CStr = c\"%s\";"));
}

/// Returns the functions that C calls through a table of functions.
fn called_through_tables(files: &[String]) -> Vec<String> {
    let text: String = files.iter().map(|file| fs::read_to_string(file).expect("the C part")).collect();
    let mut called: Vec<String> =
        text.split("calls->").skip(1).filter_map(|call| Some(call.split_once('(')?.0.to_owned())).collect();
    called.sort();
    called.dedup();
    called
}

/// None of these functions may jump over a Rust frame.
#[test]
fn what_the_callbacks_of_statistics_call_is_told() {
    let safety = safety();
    let point = safety.split("- The callbacks of statistics, ").nth(1).and_then(|rest| rest.split(" - ").next());
    let told: Vec<&str> = quoted(point.expect("the point")).collect();
    let ours =
        ["count", "forget", "forget_all", "forgotten", "open_file", "record_packet", "record_pair", "write_file"];
    let callbacks = ["services_statistic.c", "statistics.c", "tables.c"].map(|file| format!("plugin/dissector/{file}"));
    // This function passes the records to the host, while a packet is dissected.
    let of_the_tap = "tap_queue_packet";
    for name in called_through_tables(&callbacks) {
        let is_told = told.contains(&name.as_str()) || ours.contains(&name.as_str()) || name == of_the_tap;
        assert!(is_told, "{name} is not in SAFETY.md, section 3");
    }
    let state = fs::read_to_string("src/host/registration/statistics_state.rs").expect("what is counted");
    assert!(!state.contains("epan."), "what is counted calls the host");
    let registration =
        fs::read_to_string("src/host/registration/services_statistic.rs").expect("the statistic of services");
    let callbacks =
        registration.split("fn register_with").nth(1).and_then(|rest| rest.split_once("\n}\n")).expect("two parts").1;
    let state = fs::read_to_string("src/host/registration/services_statistic_state.rs").expect("what is kept of it");
    let code = state.split("#[cfg(test)]").next().unwrap_or("");
    for code in [callbacks, code] {
        assert!(!code.contains("host.") && !code.contains("epan."), "the statistic of services calls the host");
    }
}

#[test]
fn what_about_calls_is_told() {
    let about = fs::read_to_string("src/host/registration/about.rs").expect("the diagnostics");
    let code = about.split("#[cfg(test)]").next().unwrap_or("");
    let host: Vec<&str> = code.lines().filter(|line| line.contains("epan") && !line.starts_with("use ")).collect();
    assert!(matches!(host[..], [one] if one.contains("PREFERENCES.is_server_port(&host.epan, port)")), "{host:?}");
    let preferences = fs::read_to_string("src/host/settings/preferences.rs").expect("the preferences");
    let asked = preferences.split("fn is_server_port").nth(1).and_then(|rest| rest.split("\n    }").next());
    let asked: Vec<&str> =
        asked.expect("a function").split("epan.").skip(1).filter_map(|rest| rest.split(['(', ')']).next()).collect();
    assert_eq!(asked, ["value_is_in_range"]);
}

/// A jump out of any of these functions would pass Rust frames. If Rust calls another one, check it and add it to
/// SAFETY.md.
#[test]
fn each_function_of_the_host_that_rust_calls_is_told() {
    let safety = safety();
    let section = safety.split("## 3. longjmp").nth(1).and_then(|rest| rest.split("## 4.").next());
    let told: Vec<&str> = quoted(section.expect("section 3")).map(|name| name.trim_end_matches("()")).collect();
    let source = source_of(&["src"]);
    let is_called =
        |name: &String| source.contains(&format!(".{name})(")) || source.contains(&format!("unsafe {{ {name}("));
    let called: Vec<String> = bound().into_iter().map(|(_, name, _)| name).filter(is_called).collect();
    assert!(called.len() > 40 && called.contains(&"ws_log".to_owned()), "{called:?}");
    for name in called.iter().filter(|name| !name.contains("register")) {
        assert!(told.contains(&name.as_str()), "{name} is not in SAFETY.md, section 3");
    }
}

/// The plugin only uses libraries that are in the process already: a library that it loads could be a different one.
#[test]
fn no_library_is_loaded() {
    let source = source_of(&["src"]);
    for loads in ["LoadLibrary", "Library::new(", "Module::new(", "Handle::new(", "load_with_flags("] {
        assert!(!source.contains(loads), "{loads}");
    }
    for opens in ["Handle::open(", "libc::dlopen("] {
        for call in source.split(opens).skip(1) {
            assert!(call.split(';').next().is_some_and(|call| call.contains("RTLD_NOLOAD")), "{opens}{call:.60}");
        }
    }
    assert!(source.contains("open_already_loaded") && source.contains("RTLD_NOLOAD"));
}

/// Systems whose linker has no option to keep a library loaded.
#[test]
fn elsewhere_it_pins_itself() {
    for (system, how) in [("macos", "RTLD_NODELETE"), ("windows", "own_module(PIN)")] {
        let source = fs::read_to_string(format!("src/system/{system}.rs")).expect("the system's part");
        let at_load = source.split("macro_rules! at_load").nth(1).and_then(|rest| rest.split("\n}").next());
        let (pins, calls) = at_load.expect("the macro").split_once("system::stay_loaded();").expect("it pins");
        assert!(pins.contains("#[used]") && calls.contains("$function();"), "{system}");
        let pin = source.split("fn stay_loaded() {").nth(1).and_then(|rest| rest.split("\n}").next());
        assert!(pin.is_some_and(|body| body.contains(how)), "{system}");
    }
}

/// The host keeps pointers to the ids, and C reads them for each packet.
#[test]
fn identifiers_are_written_where_it_is_told() {
    let registration = fs::read_to_string("src/host/registration/mod.rs").expect("registration");
    let mut writers: Vec<&str> = Vec::new();
    for part in registration.split("\nextern \"C\" fn ").skip(1) {
        let writes = part.split("\n}").next().is_some_and(|body| body.contains("IDS.0.get()"));
        writers.extend(part.split('(').next().filter(|_| writes));
    }
    assert_eq!(writers, ["proto_register", "open_file", "handoff"]);
    let inside: usize = registration.matches("IDS.0.get()").count();
    let counted: usize = registration
        .split("\nextern \"C\" fn ")
        .skip(1)
        .filter_map(|part| part.split("\n}").next())
        .map(|body| body.matches("IDS.0.get()").count())
        .sum();
    assert_eq!(inside, counted, "another function has them");
    let all = source_of(&["src"]);
    assert_eq!(all.matches("IDS.0").count(), inside, "another file has them");
    let c = source_of(&["plugin/dissector"]);
    for written in c.split("ids->").skip(1) {
        let place = written.trim_start_matches(|byte: char| byte.is_ascii_alphanumeric() || "_.[]>-".contains(byte));
        let place = place.trim_start();
        assert!(!place.starts_with('=') || place.starts_with("=="), "ids->{}", written.lines().next().unwrap_or(""));
    }
}

/// None of these functions may jump: a Rust frame is below it.
#[test]
fn what_is_called_while_rust_judges_is_told() {
    let safety = safety();
    let point = safety.split("- While it judges, Rust calls ").nth(1).and_then(|rest| rest.split(" - ").next());
    let told: Vec<&str> = quoted(point.expect("the list")).collect();
    let mut source = source_of(&["src/host/packet"]);
    source += &fs::read_to_string("src/host/packet/host_context.rs").expect("what is asked of the host");
    let called: Vec<&str> = source
        .split("epan.")
        .skip(1)
        .filter_map(|call| call.split(|c: char| !c.is_alphanumeric() && c != '_').next())
        .collect();
    assert!(called.len() > 8, "{called:?}");
    for name in called.iter().filter(|name| name.contains('_')) {
        assert!(told.contains(name), "{name} is not in the list of SAFETY.md, section 3");
    }
}

/// If another variable of the C part outlives a call, check it and add it to SAFETY.md. The test reads the compiled
/// symbols, so it does not depend on how a variable is written.
#[cfg(target_os = "linux")]
#[test]
fn nothing_else_outlives_a_call_of_c() {
    use object::read::archive::ArchiveFile;
    use object::{Object, ObjectSection, ObjectSymbol};

    let archive = fs::read(concat!(env!("OUT_DIR"), "/libephemeral_plugin.a")).expect("build.rs makes it");
    let mut kept = Vec::new();
    for member in ArchiveFile::parse(&*archive).expect("an archive").members() {
        let object = member.expect("a member").data(&*archive).expect("its bytes");
        let object = object::File::parse(object).expect("an object file");
        for symbol in object.symbols().filter(|symbol| symbol.size() > 0 && !symbol.is_undefined()) {
            let section = symbol.section_index().and_then(|index| object.section_by_index(index).ok());
            let section = section.and_then(|section| section.name().ok().map(str::to_owned));
            // A writable symbol without a section is a common block.
            let can_change = section.is_none_or(|name| {
                (name.starts_with(".data") && !name.starts_with(".data.rel.ro")) || name.starts_with(".bss")
            });
            // Drops the number that the compiler appends to the name of a static variable in a function.
            let name = symbol.name().expect("a name").split('.').next().unwrap_or("").to_owned();
            kept.extend(Some(name).filter(|name| can_change && !name.is_empty()));
        }
    }
    kept.sort();
    kept.dedup();
    let bound = [
        "annotate",
        "calls",
        "duplicate",
        "host",
        "ids",
        "is_off",
        "layout",
        "report",
        "select_packet",
        "switch_off",
        "tap",
        "wantable",
    ];
    // The names of fields to filter by, which the host gets with each row of its tables.
    let given = ["conversation_info", "endpoint_info"];
    let of_the_file = ["checked_packets", "is_layout_wrong", "is_idle", "were_ports_equal", "finfo_offset", "failures"];
    let which_are_new = ["greatest", "first_frame", "first_hash", "shared_frame"];
    let of_a_packet = ["records", "selection"];
    let of_a_window = ["copy_buttons"];
    let mut told = [&bound[..], &given, &of_the_file, &which_are_new, &of_a_packet, &of_a_window].concat();
    told.sort_unstable();
    assert_eq!(kept, told);
}

/// The compiler denies unsafe code elsewhere, but an attribute could allow it there.
#[test]
fn what_is_unsafe_is_where_it_is_told() {
    fn look_into(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry").path();
            let name = path.display().to_string();
            if ["src/host", "src/system", "src/loader.rs"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                look_into(&path, found);
            } else if name != "src/lib.rs" && fs::read_to_string(&path).expect("text").contains("unsafe") {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    look_into(Path::new("src"), &mut found);
    assert_eq!(found, [""; 0]);
    let root = fs::read_to_string("src/lib.rs").expect("the root");
    let allowed: Vec<&str> =
        root.split("#[allow(unsafe_code)]\n").skip(1).filter_map(|rest| rest.lines().next()).collect();
    assert!(root.contains("#![deny(unsafe_code)]"));
    assert_eq!(allowed, ["pub mod host;", "pub mod loader;", "pub mod system;"]);
}

/// Formats a number with separators: 2,097,152.
fn grouped(number: usize) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands == 0 { rest.to_string() } else { format!("{},{rest:03}", grouped(thousands)) }
}

#[test]
fn each_limit_is_the_one_that_is_kept() {
    let safety = fs::read_to_string("SAFETY.md").expect("SAFETY.md");
    for kept in RoleTracker::default().table_use() {
        let row = safety.lines().find(|line| line.starts_with(&format!("| {}", kept.what)));
        let limit = format!("| {} |", grouped(kept.at_most));
        assert!(row.is_some_and(|row| row.contains(&limit)), "{kept:?}: {row:?}");
    }
    assert!(safety.contains(&format!("at most {} MB", RoleTracker::MOST_MEGABYTES)));
}

/// A crafted payload that overflows a sum must not be able to switch the plugin off.
#[test]
fn overflow_wraps_in_the_released_file() {
    let manifest = fs::read_to_string("Cargo.toml").expect("Cargo.toml");
    let profile = manifest.split("[profile.release]").nth(1).expect("a profile");
    assert!(!profile.contains("overflow-checks") && !profile.contains("debug-assertions"), "{profile}");
}
