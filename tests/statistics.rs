//! The tap `ephemeral` and `-z ephemeral,tree`, in tshark.
//!
//! `EPHEMERAL_PLUGIN` is the plugin to test (default: the one of this build), `EPHEMERAL_HOST_ROOT`
//! the root directory of the system whose tshark is used (default: this one; another needs root).

use etherparse::PacketBuilder;
use pcap_file::pcap::{PcapPacket, PcapWriter};
use std::fs::{self, Permissions};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::{chown, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

#[test]
fn counts_misnamed_ports_services_and_evidence() {
    let host = Host::new();
    let capture = host.write("capture.pcap", &capture());
    let printed = host.tshark(&["-n", "-r", &capture, "-q", "-z", "ephemeral,tree"]);
    assert_eq!(
        items(&printed),
        [
            "Misnamed ports, by name 6",
            " autonoc 4",
            "  1140 4",
            " mxomss 2",
            "  1141 2",
            "Services, by server 10",
            " http 6",
            "  198.51.100.10:80 4",
            "  [2001:db8::10]:80 2",
            " (not known) 3",
            "  198.51.100.10:49999 3",
            " domain 1",
            "  198.51.100.10:53 1",
            "How client and server are known 10",
            " handshake 9",
            "  SYN 7",
            "  SYN-ACK 2",
            " strong 1",
            "  port numbers 1",
        ]
    );
}

#[test]
fn counts_what_a_filter_selects() {
    let host = Host::new();
    if host.release() == "3.4" {
        eprintln!("NOT CHECKED counts_what_a_filter_selects: tshark 3.4 takes a filter for no statistics tree");
        return;
    }
    let capture = host.write("capture.pcap", &capture());
    let printed = host.tshark(&["-n", "-r", &capture, "-q", "-z", "ephemeral,tree,ephemeral.misnamed.port == 1141"]);
    let expected = [
        "Misnamed ports, by name 2",
        " mxomss 2",
        "  1141 2",
        "Services, by server 2",
        " http 2",
        "  [2001:db8::10]:80 2",
        "How client and server are known 2",
        " handshake 2",
        "  SYN-ACK 2",
    ];
    assert_eq!(items(&printed), expected);
}

#[test]
fn counts_nothing_where_no_role_is_known() {
    let host = Host::new();
    let capture = host.write("capture.pcap", &pcap(&[]));
    let printed = host.tshark(&["-n", "-r", &capture, "-q", "-z", "ephemeral,tree"]);
    let expected = ["Misnamed ports, by name 0", "Services, by server 0", "How client and server are known 0"];
    assert_eq!(items(&printed), expected);
}

/// A script of the user's that listens to the tap is told of the same headers.
#[test]
fn others_can_listen() {
    let host = Host::new();
    let version = host.tshark(&["--version"]);
    if !version.contains("with Lua") && !version.contains("+Lua") {
        eprintln!("NOT CHECKED others_can_listen: this tshark was built without Lua, which the check listens with");
        return;
    }
    let capture = host.write("capture.pcap", &capture());
    let script = host.write(
        "listener.lua",
        b"local frames = {}
        local tap = Listener.new('ephemeral')
        function tap.packet(pinfo) frames[#frames + 1] = pinfo.number end
        function tap.draw() print('heard ' .. table.concat(frames, ' ')) end",
    );
    let printed = host.tshark(&["-n", "-r", &capture, "-q", "-X", &format!("lua_script:{script}")]);
    assert_eq!(printed.trim(), "heard 1 2 3 4 5 6 7 8 9 11");
}

/// Three conversations: a misnamed port, one over IPv6 whose SYN is missing, one between two ports
/// without names; then a packet of which the roles are not known, and a UDP query.
fn capture() -> Vec<u8> {
    let ends = |client: &str, server: &str| -> (SocketAddr, SocketAddr) {
        (client.parse().expect("an end"), server.parse().expect("an end"))
    };
    let (browser, web) = ends("192.168.1.23:1140", "198.51.100.10:80");
    let (browser6, web6) = ends("[2001:db8::1]:1141", "[2001:db8::10]:80");
    let (caller, unnamed) = ends("192.168.1.23:49998", "198.51.100.10:49999");
    let (other, stranger) = ends("192.168.1.23:49152", "192.168.1.24:49153");
    let (browser2, _) = ends("192.168.1.23:49997", "198.51.100.10:80");
    let mut udp = Vec::new();
    let builder = PacketBuilder::ipv4([192, 168, 1, 23], [198, 51, 100, 10], 64).udp(1140, 53);
    builder.write(&mut udp, b"x").expect("memory can be written");
    pcap(&[
        tcp(browser, web, SYN),
        tcp(web, browser, SYN | ACK),
        tcp(browser, web, ACK),
        tcp(web6, browser6, SYN | ACK),
        tcp(browser6, web6, ACK),
        tcp(caller, unnamed, SYN),
        tcp(unnamed, caller, SYN | ACK),
        tcp(caller, unnamed, ACK),
        tcp(browser2, web, SYN),
        tcp(other, stranger, ACK),
        udp,
    ])
}

const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

fn tcp(source: SocketAddr, destination: SocketAddr, flags: u8) -> Vec<u8> {
    let ip = match (source.ip(), destination.ip()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => PacketBuilder::ipv4(source.octets(), destination.octets(), 64),
        (IpAddr::V6(source), IpAddr::V6(destination)) => PacketBuilder::ipv6(source.octets(), destination.octets(), 64),
        _ => panic!("{source} and {destination} are not of one kind"),
    };
    let mut tcp = ip.tcp(source.port(), destination.port(), 1000, 65535);
    if flags & SYN != 0 {
        tcp = tcp.syn();
    }
    if flags & ACK != 0 {
        tcp = tcp.ack(1001);
    }
    let mut packet = Vec::new();
    tcp.write(&mut packet, &[]).expect("memory can be written");
    packet
}

/// A capture file of IP packets without a link layer, one a second.
fn pcap(packets: &[Vec<u8>]) -> Vec<u8> {
    let header = pcap_file::pcap::PcapHeader { datalink: pcap_file::DataLink::RAW, ..Default::default() };
    let mut writer = PcapWriter::with_header(Vec::new(), header).expect("memory can be written");
    for (second, packet) in packets.iter().enumerate() {
        let packet = PcapPacket::new(Duration::from_secs(second as u64), packet.len() as u32, packet);
        writer.write_packet(&packet).expect("memory can be written");
    }
    writer.into_writer()
}

/// The statistics' items with their count, indented as printed.
fn items(printed: &str) -> Vec<String> {
    let after_title = printed.lines().skip_while(|line| !line.starts_with("Topic / Item"));
    let lines = after_title.skip(2).take_while(|line| !line.is_empty());
    lines
        .map(|line| {
            // Two spaces or more end a column; the first ones are the indent.
            let item = line.trim_start();
            let mut columns = item.split("  ").filter(|column| !column.is_empty());
            let (name, count) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
            format!("{}{name} {}", &line[..line.len() - item.len()], count.trim())
        })
        .collect()
}

/// A system with tshark, and a home directory on it that has the plugin.
struct Host {
    root: PathBuf,
    home: TempDir,
}

/// User and group "nobody". As root, Wireshark ignores the personal plugin folder.
const NOBODY: u32 = 65534;

impl Host {
    fn new() -> Self {
        let root = std::env::var_os("EPHEMERAL_HOST_ROOT").map_or_else(|| "/".into(), PathBuf::from);
        let home = tempfile::Builder::new()
            .prefix("ephemeral-ports-")
            .tempdir_in(root.join("tmp"))
            .expect("the host's /tmp is writable");
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("it is ours");
        if is_root() {
            chown(home.path(), Some(NOBODY), Some(NOBODY)).expect("it is ours");
        }
        let host = Self { root, home };
        let folder = host.home.path().join(format!(".local/lib/wireshark/plugins/{}/epan", host.release()));
        fs::create_dir_all(&folder).expect("the home directory is writable");
        fs::copy(plugin(), folder.join("libephemeral.so")).expect("the plugin can be copied");
        host
    }

    /// Such as `4.0`.
    fn release(&self) -> String {
        let version = self.tshark(&["--version"]);
        let numbers = version.split_once("TShark (Wireshark) ").expect("tshark tells its release").1;
        numbers.split('.').take(2).collect::<Vec<_>>().join(".")
    }

    /// Writes a file that the host can read; its path as the host sees it.
    fn write(&self, name: &str, contents: &[u8]) -> String {
        fs::write(self.home.path().join(name), contents).expect("the home directory is writable");
        self.inside().join(name).to_str().expect("we named it").to_owned()
    }

    fn inside(&self) -> PathBuf {
        Path::new("/").join(self.home.path().strip_prefix(&self.root).expect("it is under the host's root"))
    }

    /// What tshark prints.
    fn tshark(&self, arguments: &[&str]) -> String {
        let mut command = if is_root() {
            let mut chroot = Command::new("chroot");
            chroot.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg(&self.root).arg("env");
            chroot
        } else {
            assert_eq!(self.root, Path::new("/"), "only root can use a Wireshark under another root directory");
            Command::new("env")
        };
        command.arg(format!("HOME={}", self.inside().display())).args(["LC_ALL=C.UTF-8", "tshark"]).args(arguments);
        let Output { status, stdout, stderr } = command.output().expect("chroot and env are installed");
        assert!(status.success(), "tshark {}: {}", arguments.join(" "), String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).expect("the host prints UTF-8")
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").expect("/proc is mounted").uid() == 0
}

fn plugin() -> PathBuf {
    if let Some(path) = std::env::var_os("EPHEMERAL_PLUGIN") {
        return path.into();
    }
    // cargo puts the library of the same build beside the test's program.
    let path = std::env::current_exe().expect("it has a path").with_file_name("libephemeral.so");
    assert!(path.exists(), "{} is missing: run this through cargo test, or set EPHEMERAL_PLUGIN", path.display());
    path
}
