// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Runs the host's programs with the plugin installed in a home directory of the tests.
//!
//! As root, Wireshark ignores the personal plugin folder, so the programs then run as nobody. With
//! `EPHEMERAL_WINDOWS_HOST_FOLDER` they are those of a Wireshark for Windows, run by `tests/windows/wine.sh`.

use crate::capture::Capture;
use crate::verdict::is_ours;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use tempfile::TempDir;

/// User and group "nobody" on Debian and most others.
const NOBODY: u32 = 65534;

/// A release of Wireshark: major and minor.
pub(crate) type Release = (u32, u32);

/// A home directory on the host, with a configuration of its own.
pub(crate) struct Home {
    directory: TempDir,
    files: AtomicUsize,
}

impl Home {
    /// The one that most tests use: the plugin, and nothing configured.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Home>> = Mutex::new(Weak::new());
        shared(&SHARED, || Self::with_configuration(&[]))
    }

    /// One without the plugin, for comparison.
    pub(crate) fn without_plugin() -> Arc<Self> {
        static SHARED: Mutex<Weak<Home>> = Mutex::new(Weak::new());
        shared(&SHARED, Self::empty)
    }

    /// The plugin, and files (name, contents) in Wireshark's personal configuration folder.
    pub(crate) fn with_configuration(files: &[(&str, &str)]) -> Self {
        let home = Self::empty();
        let (major, minor) = release();
        let (plugins, name, configuration) = match windows() {
            None => (".local/lib/wireshark/plugins", PLUGIN, ".config/wireshark"),
            Some(_) => ("plugins", WINDOWS_PLUGIN, "."),
        };
        let plugins = home.make_directory(&format!("{plugins}/{major}.{minor}/epan"));
        fs::write(plugins.join(name), plugin()).expect("the home directory is writable");
        let configuration = home.make_directory(configuration);
        for (name, contents) in files {
            fs::write(configuration.join(name), contents).expect("the home directory is writable");
        }
        home.check_that_plugin_loads();
        home
    }

    fn empty() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("ephemeral-ports-")
            .tempdir_in(root().join("tmp"))
            .expect("the host's /tmp is writable");
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).expect("it is ours");
        if is_root() {
            chown(directory.path(), Some(NOBODY), Some(NOBODY)).expect("it is ours");
        }
        Self { directory, files: AtomicUsize::new(0) }
    }

    fn make_directory(&self, path: &str) -> PathBuf {
        let path = self.directory.path().join(path);
        fs::create_dir_all(&path).expect("the home directory is writable");
        path
    }

    /// Otherwise a test that expects nothing of the plugin would pass for the wrong reason.
    fn check_that_plugin_loads(&self) {
        static CHECKED: OnceLock<()> = OnceLock::new();
        CHECKED.get_or_init(|| {
            let output = run(&mut self.command("tshark", &["-G", "plugins"]), "");
            let (list, log) = (text(&output.stdout), text(&output.stderr));
            let loaded: Vec<_> = list.lines().filter(|line| line.contains("ephemeral.")).collect();
            let home = on_host(self.directory.path());
            assert!(!loaded.is_empty(), "the host does not load {}:\n{log}", plugin_path().display());
            assert!(
                loaded.iter().all(|line| line.contains(&home)),
                "another copy is installed, uninstall it first: {loaded:?}"
            );
        });
    }

    /// Writes a file that the host can read. Returns its path as the host sees it.
    pub(crate) fn write(&self, contents: &[u8]) -> String {
        let name = format!("{}.pcap", self.files.fetch_add(1, Ordering::Relaxed));
        let path = self.directory.path().join(name);
        fs::write(&path, contents).expect("the home directory is writable");
        on_host(&path)
    }

    /// Returns the path of a file that the host will write, as the host sees it.
    pub(crate) fn path(&self, name: &str) -> String {
        on_host(&self.directory.path().join(name))
    }

    /// What the host wrote to a file, if it is there.
    pub(crate) fn contents(&self, name: &str) -> Option<String> {
        fs::read(self.directory.path().join(name)).ok().map(|contents| text(&contents))
    }

    /// A program of the host, ready to run.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        if let Some(folder) = windows() {
            let mut wine = Command::new("sh");
            wine.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/windows/wine.sh"))
                .arg(format!("WIRESHARK_CONFIG_DIR={}", on_host(self.directory.path())))
                .args(["TZ=UTC0", &format!("{folder}/{program}.exe")])
                .args(arguments);
            return wine;
        }
        let mut command = if is_root() {
            let mut chroot = Command::new("chroot");
            chroot.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg(root());
            chroot
        } else {
            assert_eq!(root(), Path::new("/"), "only root can use a Wireshark under another root directory");
            Command::new("env")
        };
        // The runner finds the program only by its full path.
        match std::env::var("EPHEMERAL_HOST_RUNNER") {
            Ok(runner) => command.args(runner.split(' ')).arg(format!("/usr/bin/{program}")),
            Err(_) => command.arg("env").arg(program),
        };
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", format!("{path}:/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", on_host(self.directory.path()))
            .envs([("LC_ALL", "C.UTF-8"), ("TZ", "UTC0")])
            .args(arguments);
        command
    }
}

/// Shared by the tests that run at the same time, and removed with the last of them.
fn shared(slot: &Mutex<Weak<Home>>, make: impl FnOnce() -> Home) -> Arc<Home> {
    // A case that could not make it says why itself; the next one tries again.
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.upgrade().unwrap_or_else(|| {
        let home = Arc::new(make());
        *slot = Arc::downgrade(&home);
        home
    })
}

/// Runs a program of the host to its end.
pub(crate) fn run(command: &mut Command, input: &str) -> Output {
    use std::io::Write;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("chroot and env are installed");
    let mut stdin = child.stdin.take().expect("it is piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that ended early prints the reason itself.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("it was started");
    writer.join().expect("it does not panic");
    const NOT_FOUND: i32 = 127;
    assert_ne!(
        output.status.code(),
        Some(NOT_FOUND),
        "{}Install Wireshark's command line programs under {} (Debian: tshark and wireshark-common)",
        text(&output.stderr),
        root().display()
    );
    output
}

/// Text that the host printed, its lines ended as on Unix.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).expect("the host prints UTF-8");
    let text = if windows().is_some() { text.replace("\r\n", "\n") } else { text };
    // Drops Wine's message about the missing desktop.
    text.replace("error: XDG_RUNTIME_DIR is invalid or not set in the environment.\n", "")
}

/// The host's release.
pub(crate) fn release() -> Release {
    static RELEASE: OnceLock<Release> = OnceLock::new();
    *RELEASE.get_or_init(|| {
        let version = version();
        let release = version.lines().find_map(|line| line.strip_prefix("TShark (Wireshark) ")).and_then(|line| {
            let mut numbers = line.split(['.', ' ']);
            Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
        });
        release.unwrap_or_else(|| panic!("tshark does not tell its release: {version}"))
    })
}

/// The host's version information: its release, and what it was built with.
pub(crate) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let output = run(&mut Home::empty().command("tshark", &["--version"]), "");
        text(&output.stdout) + &text(&output.stderr)
    })
}

fn root() -> PathBuf {
    std::env::var_os("EPHEMERAL_HOST_ROOT").map_or_else(|| "/".into(), PathBuf::from)
}

/// The plugin's file, as the host lists it.
const PLUGIN: &str = "libephemeral.so";
const WINDOWS_PLUGIN: &str = "ephemeral.dll";

/// Returns the folder of tshark.exe, as a path below the root, if the tests run in Wireshark for Windows.
fn windows() -> Option<String> {
    std::env::var("EPHEMERAL_WINDOWS_HOST_FOLDER").ok()
}

fn on_host(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("it is under the host's root");
    let path = Path::new("/").join(inside).to_str().expect("we named it").to_owned();
    if windows().is_some() {
        // Wine's name for the root of the file system.
        return format!("Z:{}", path.replace('/', "\\"));
    }
    path
}

fn is_root() -> bool {
    fs::metadata("/proc/self").expect("/proc is mounted").uid() == 0
}

/// The plugin under test. It is read once, so that all cases test the same file even if it is rebuilt meanwhile.
fn plugin() -> &'static [u8] {
    static PLUGIN: OnceLock<Vec<u8>> = OnceLock::new();
    PLUGIN.get_or_init(|| {
        let path = plugin_path();
        fs::read(&path).unwrap_or_else(|why| {
            panic!("{}: {why}; run this through cargo test, or set EPHEMERAL_PLUGIN", path.display())
        })
    })
}

fn plugin_path() -> PathBuf {
    // cargo puts the library of the same build beside the test's program.
    let beside = || std::env::current_exe().expect("it has a path").with_file_name("libephemeral.so");
    std::env::var_os("EPHEMERAL_PLUGIN").map_or_else(beside, PathBuf::from)
}

/// Splits a tree's lines into the host's and ours: our protocol's line and the lines below it.
pub(crate) fn split_ours(tree: Vec<String>) -> (Vec<String>, Vec<String>) {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut ours_at = None;
    tree.into_iter().partition(|line| {
        if ours_at.is_some_and(|at| line.is_empty() || depth(line) <= at) {
            ours_at = None;
        }
        if line.trim_start().starts_with("[Ephemeral Ports") {
            ours_at = Some(depth(line));
        }
        ours_at.is_none()
    })
}

/// A run of tshark on a capture.
#[derive(Clone)]
pub(crate) struct Tshark {
    home: Arc<Home>,
    arguments: Vec<String>,
}

impl Tshark {
    /// Reads a composed capture.
    pub(crate) fn read(capture: &Capture) -> Self {
        Self::read_in(Home::shared(), capture)
    }

    /// Reads a composed capture in a home of its own.
    pub(crate) fn read_in(home: Arc<Home>, capture: &Capture) -> Self {
        Self::read_file(home, &capture.to_pcap())
    }

    /// Reads a capture file with these contents.
    pub(crate) fn read_file(home: Arc<Home>, contents: &[u8]) -> Self {
        let path = home.write(contents);
        Self { home, arguments: ["-n", "-r", &path].map(str::to_owned).to_vec() }
    }

    /// Adds arguments.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| argument.to_string()));
        self
    }

    /// Turns the names of transport ports on.
    pub(crate) fn names(self) -> Self {
        self.with(&["-Nt"])
    }

    /// Sets a preference: `ephemeral.note:first`.
    pub(crate) fn set(self, preference: &str) -> Self {
        self.with(&["-o", preference])
    }

    /// Dissects twice: the second time, the whole capture is known.
    pub(crate) fn two_passes(self) -> Self {
        self.with(&["-2"])
    }

    /// Switches the plugin's protocol off.
    pub(crate) fn disabled(self) -> Self {
        self.with(&["--disable-protocol", "ephemeral"])
    }

    /// Returns the exit status and all output, also after a failure.
    pub(crate) fn output(&self) -> Output {
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        run(&mut self.home.command("tshark", &arguments), "")
    }

    /// What is printed.
    pub(crate) fn stdout(&self) -> String {
        let output = self.output();
        assert!(output.status.success(), "tshark {}: {}", self.arguments.join(" "), text(&output.stderr));
        text(&output.stdout)
    }

    /// The Info column, a line a packet.
    pub(crate) fn info(self) -> Vec<String> {
        let printed = self.with(&["-o", INFO_ALONE]).stdout();
        printed.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// The values of fields, a row a packet; several values of one field are separated by `|`.
    pub(crate) fn fields(self, fields: &[&str]) -> Vec<Vec<String>> {
        let names = fields.iter().flat_map(|field| ["-e", field]);
        let arguments: Vec<_> = ["-Tfields", "-Eaggregator=|"].into_iter().chain(names).collect();
        let printed = self.with(&arguments).stdout();
        printed.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// One field's values, a packet each.
    pub(crate) fn field(self, field: &str) -> Vec<String> {
        self.fields(&[field]).concat()
    }

    /// The frames that a display filter shows.
    pub(crate) fn frames(self, filter: &str) -> Vec<String> {
        self.with(&["-Y", filter]).field("frame.number")
    }

    /// The whole tree, a list of lines a packet.
    pub(crate) fn trees(self) -> Vec<Vec<String>> {
        let printed = self.with(&["-V"]).stdout();
        let mut trees: Vec<Vec<String>> = Vec::new();
        for line in printed.lines() {
            if line.starts_with("Frame ") {
                trees.push(Vec::new());
            }
            trees.last_mut().expect("a frame comes first").push(line.to_owned());
        }
        trees
    }

    /// The output of `-z expert` about our notes, such as `3 Assumption Ephemeral Port 1140 is …`.
    pub(crate) fn expert_lines(self) -> Vec<String> {
        expert_lines(&self.with(&["-q", "-z", "expert"]).stdout())
    }
}

/// The preference that leaves the Info column alone.
pub(crate) const INFO_ALONE: &str = r#"gui.column.format:"Info","%i""#;

/// The lines about our notes in the output of `-z expert`, which follows any other output.
pub(crate) fn expert_lines(printed: &str) -> Vec<String> {
    let is_heading = |line: &&str| line.ends_with(')') && SEVERITIES.iter().any(|name| line.starts_with(name));
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    printed.lines().skip_while(|line| !is_heading(line)).filter(|line| is_ours(line)).map(words).collect()
}

/// How the parts of what `-z expert` prints begin.
const SEVERITIES: [&str; 5] = ["Errors (", "Warns (", "Notes (", "Chats (", "Comments ("];
