// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tests of the plugin's file for macOS, which cannot be loaded here: they read it as dyld and the kernel do.
//!
//! `EPHEMERAL_MACOS_PLUGIN` names the file. `sh tests/archives.sh` runs this.

use object::macho::{
    CPU_TYPE_ARM64, CPU_TYPE_X86_64, CpuType, LC_CODE_SIGNATURE, LinkeditDataCommand, MH_DYLIB, MH_TWOLEVEL,
    PLATFORM_MACOS, VM_PROT_EXECUTE, VM_PROT_WRITE,
};
use object::read::NameOrOrdinal;
use object::read::macho::{FatArch, LoadCommandData, MachHeader, MachOFatFile32, MachOFile64};
use object::{Endianness, Object, ObjectSection};
use std::process::Command;

const LIBSYSTEM: &str = "/usr/lib/libSystem.B.dylib";

/// The part of the file for one processor.
struct Half<'a> {
    processor: CpuType,
    bytes: &'a [u8],
    file: MachOFile64<'a, Endianness>,
}

impl<'a> Half<'a> {
    /// What `read` makes of the load commands that it knows.
    fn commands<T>(&self, read: impl Fn(LoadCommandData<'a, Endianness>) -> object::read::Result<Option<T>>) -> Vec<T> {
        let header = self.file.macho_header();
        let mut commands = header.load_commands(self.file.endian(), self.bytes, 0).expect("readable");
        let mut found = Vec::new();
        while let Some(command) = commands.next().expect("readable") {
            found.extend(read(command).expect("readable"));
        }
        found
    }
}

/// Calls `check` for the half of each processor.
fn for_each_half(check: impl Fn(Half)) {
    let path = std::env::var_os("EPHEMERAL_MACOS_PLUGIN").expect("sh tests/archives.sh names the file");
    let bytes = std::fs::read(path).expect("it was built");
    let fat = MachOFatFile32::parse(&*bytes).expect("it is a universal file");
    let mut processors = Vec::new();
    for half in fat.arches() {
        assert_eq!(half.offset() % (1 << half.align()), 0, "dyld maps it by pages");
        let processor = half.cputype();
        let bytes = half.data(&*bytes).expect("it lies in the file");
        check(Half { processor, bytes, file: MachOFile64::parse(bytes).expect("Mach-O") });
        processors.push(processor);
    }
    processors.sort_by_key(|processor| processor.0);
    assert_eq!(processors, [CPU_TYPE_X86_64, CPU_TYPE_ARM64]);
}

fn symbol(it: NameOrOrdinal<&[u8]>) -> String {
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
    for_each_half(|half| {
        assert_eq!(half.file.macho_header().filetype(half.file.endian()), MH_DYLIB);
        let exports = half.file.exports().expect("readable");
        let mut names: Vec<_> = exports.map(|export| symbol(export.expect("readable").name())).collect();
        names.sort();
        // zig's linker marks the start of each image with these names. They are looked up only in their own image.
        names.retain(|name| name != "___dso_handle" && name != "__mh_dylib_header");
        let read =
            ["_plugin_describe", "_plugin_register", "_plugin_version", "_plugin_want_major", "_plugin_want_minor"];
        assert_eq!(names, read);
    });
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn it_links_to_libsystem_alone() {
    for_each_half(|half| {
        let endian = half.file.endian();
        let libraries = half.commands(|command| {
            let library = command.dylib()?;
            library.map(|library| command.string(endian, library.dylib.name).map(name)).transpose()
        });
        assert_eq!(libraries, [LIBSYSTEM]);
        // Each imported symbol is bound to a library, and is not searched in the whole process.
        assert!(half.file.macho_header().flags(endian).contains(MH_TWOLEVEL));
        let imports: Vec<_> = half.file.imports().expect("readable").map(|import| import.expect("readable")).collect();
        assert!(imports.len() > 20, "it needs functions of the system: {imports:?}");
        for import in imports {
            assert_eq!(name(import.library()), LIBSYSTEM, "{}", symbol(import.name()));
        }
    });
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn one_function_runs_when_it_is_loaded() {
    for_each_half(|half| {
        let constructors = half.file.sections().find(|section| section.name() == Ok("__mod_init_func"));
        assert_eq!(constructors.expect("it has a constructor").size(), 8, "of one pointer");
    });
}

#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn it_is_for_macos_11_and_what_came_after() {
    for_each_half(|half| {
        let endian = half.file.endian();
        let built = half.commands(|command| command.build_version(endian));
        let built: Vec<_> =
            built.iter().map(|(built, _)| (built.platform.get(endian), built.minos.get(endian).0)).collect();
        assert_eq!(built, [(PLATFORM_MACOS, 11 << 16)]);
    });
}

/// Macs with Apple's processors refuse memory that is both writable and executable.
#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn nothing_can_be_both_written_and_run() {
    for_each_half(|half| {
        let endian = half.file.endian();
        let segments = half.commands(LoadCommandData::segment_64);
        assert!(segments.iter().any(|(segment, _)| segment.initprot.get(endian).contains(VM_PROT_EXECUTE)));
        for (segment, _) in segments {
            assert!(!segment.initprot.get(endian).contains(VM_PROT_WRITE | VM_PROT_EXECUTE), "{:?}", segment.segname);
        }
    });
}

/// Macs with Apple's processors run only signed code; those with Intel's run any. If a page does not match its
/// signature, the whole process, Wireshark, ends when it first touches the page.
#[test]
#[ignore = "needs the plugin for the Mac: sh tests/archives.sh"]
fn the_half_for_arm_is_signed_ad_hoc_page_by_page() {
    const EMBEDDED_SIGNATURE: u32 = 0xfade_0cc0;
    const CODE_DIRECTORY: u32 = 0xfade_0c02;
    const AD_HOC: u32 = 2;
    const SHA256: u8 = 2;
    for_each_half(|half| {
        if half.processor != CPU_TYPE_ARM64 {
            return;
        }
        let endian = half.file.endian();
        let signatures = half.commands(|command| {
            let data: Option<&LinkeditDataCommand<Endianness>> =
                (command.cmd() == LC_CODE_SIGNATURE).then(|| command.data()).transpose()?;
            Ok(data.map(|data| (data.dataoff.get(endian) as usize, data.datasize.get(endian) as usize)))
        });
        let [(start, size)] = signatures[..] else { panic!("it is signed once: {signatures:?}") };
        let signature = &half.bytes[start..start + size];
        let word = |at: usize| u32::from_be_bytes(signature[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(word(0), EMBEDDED_SIGNATURE);
        // After the number of blobs, each has a kind and an offset.
        let directory =
            (0..word(8) as usize).map(|i| word(12 + 8 * i + 4) as usize).find(|&at| word(at) == CODE_DIRECTORY);
        let directory = directory.expect("it has a code directory");
        assert_eq!(word(directory + 12) & AD_HOC, AD_HOC);

        let (hashes, pages, signed) =
            (directory + word(directory + 16) as usize, word(directory + 28) as usize, word(directory + 32) as usize);
        let [hash_size, kind, _, page_bits] = signature[directory + 36..][..4] else { unreachable!("four bytes") };
        assert_eq!((hash_size, kind), (32, SHA256));
        assert_eq!(signed, start, "all that comes before the signature is signed");
        let hashes: Vec<_> = signature[hashes..].chunks(32).take(pages).map(hex).collect();
        assert_eq!(hashes, sha256(half.bytes[..signed].chunks(1 << page_bits)));
    });
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of each piece.
fn sha256<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let files: Vec<_> = pieces
        .enumerate()
        .map(|(number, piece)| {
            let file = folder.path().join(number.to_string());
            std::fs::write(&file, piece).expect("there is room for temporary files");
            file
        })
        .collect();
    let output = Command::new("sha256sum").args(files).output().expect("sha256sum is installed");
    let printed = String::from_utf8(output.stdout).expect("ASCII");
    printed.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}
