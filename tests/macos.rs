//! The plugin's file for the Mac, read as dyld reads it; it cannot be loaded here.
//!
//! `EPHEMERAL_MACOS_PLUGIN` names it. `sh tests/archives.sh` runs this.

use object::macho::{CpuType, MachHeader64, CPU_TYPE_ARM64, CPU_TYPE_X86_64, LC_CODE_SIGNATURE, MH_DYLIB};
use object::read::macho::{FatArch, MachHeader, MachOFatFile32, MachOFile64};
use object::read::NameOrOrdinal;
use object::{Endianness, Object, ObjectSection};

/// Calls `check` for the half of each processor, with its CPU_TYPE_.
fn for_each_half(check: impl Fn(CpuType, &[u8])) {
    let path = std::env::var_os("EPHEMERAL_MACOS_PLUGIN").expect("sh tests/archives.sh names the file");
    let bytes = std::fs::read(path).expect("it was built");
    let fat = MachOFatFile32::parse(&*bytes).expect("it is a universal file");
    let mut processors = Vec::new();
    for half in fat.arches() {
        assert_eq!(half.offset() % (1 << half.align()), 0, "dyld maps it by pages");
        check(half.cputype(), half.data(&*bytes).expect("it lies in the file"));
        processors.push(half.cputype());
    }
    processors.sort_by_key(|processor| processor.0);
    assert_eq!(processors, [CPU_TYPE_X86_64, CPU_TYPE_ARM64]);
}

fn exported(it: NameOrOrdinal<&[u8]>) -> String {
    match it {
        NameOrOrdinal::Name(bytes) => name(bytes),
        NameOrOrdinal::Ordinal(number) => number.to_string(),
    }
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn it_exports_what_the_loader_reads_and_nothing_else() {
    for_each_half(|_, bytes| {
        let file = MachOFile64::<Endianness>::parse(bytes).expect("Mach-O");
        assert_eq!(file.macho_header().filetype(file.endian()), MH_DYLIB);
        let mut names: Vec<_> =
            file.exports().expect("readable").map(|export| exported(export.expect("readable").name())).collect();
        names.sort();
        // zig's linker marks the start of each image so; both are looked up in their own image alone.
        names.retain(|name| name != "___dso_handle" && name != "__mh_dylib_header");
        let read =
            ["_plugin_describe", "_plugin_register", "_plugin_version", "_plugin_want_major", "_plugin_want_minor"];
        assert_eq!(names, read);
    });
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn it_links_to_libsystem_alone() {
    for_each_half(|_, bytes| {
        let header = MachHeader64::<Endianness>::parse(bytes, 0).expect("Mach-O");
        let endian = header.endian().expect("known");
        let mut commands = header.load_commands(endian, bytes, 0).expect("readable");
        let mut libraries = Vec::new();
        while let Some(command) = commands.next().expect("readable") {
            if let Some(library) = command.dylib().expect("readable") {
                libraries.push(name(command.string(endian, library.dylib.name).expect("readable")));
            }
        }
        assert_eq!(libraries, ["/usr/lib/libSystem.B.dylib"]);
    });
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn one_function_runs_when_it_is_loaded() {
    for_each_half(|_, bytes| {
        let file = MachOFile64::<Endianness>::parse(bytes).expect("Mach-O");
        let constructors = file.sections().find(|section| section.name() == Ok("__mod_init_func"));
        assert_eq!(constructors.expect("it has a constructor").size(), 8, "of one pointer");
    });
}

/// Apple's processors run nothing that is not signed; Intel's do.
#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn the_half_for_arm_is_signed_ad_hoc() {
    const EMBEDDED_SIGNATURE: u32 = 0xfade_0cc0;
    const CODE_DIRECTORY: u32 = 0xfade_0c02;
    const AD_HOC: u32 = 2;
    for_each_half(|processor, bytes| {
        if processor != CPU_TYPE_ARM64 {
            return;
        }
        let header = MachHeader64::<Endianness>::parse(bytes, 0).expect("Mach-O");
        let endian = header.endian().expect("known");
        let mut commands = header.load_commands(endian, bytes, 0).expect("readable");
        let mut signature = None;
        while let Some(command) = commands.next().expect("readable") {
            if command.cmd() == LC_CODE_SIGNATURE {
                let data: &object::macho::LinkeditDataCommand<Endianness> = command.data().expect("readable");
                let start = data.dataoff.get(endian) as usize;
                signature = Some(&bytes[start..start + data.datasize.get(endian) as usize]);
            }
        }
        let signature = signature.expect("it is signed");
        let word = |at: usize| u32::from_be_bytes(signature[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(word(0), EMBEDDED_SIGNATURE);
        // After the number of blobs, each has a kind and an offset.
        let directory =
            (0..word(8) as usize).map(|i| word(12 + 8 * i + 4) as usize).find(|&at| word(at) == CODE_DIRECTORY);
        assert_eq!(word(directory.expect("it has a code directory") + 12) & AD_HOC, AD_HOC);
    });
}
