"""Attacks by the network, by sockets of every kind, and on other kernels' sockets."""

import socket
from functools import partial
from typing import TYPE_CHECKING, Any

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Seen,
    held,
    is_open,
    not_run,
)
from tre.attack.families import Family
from tre.attack.inside import network
from tre.attack.judging import controlled, finds_nothing, judge_refusal, refused, told, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target

OUTSIDE = "192.0.2.1"
"""An address that is nobody's (RFC 5737): a session with a network would try to reach it."""
OUTSIDE_6 = "2001:db8::1"
"""The same (RFC 3849)."""

_attack = partial(Attack, family=Family.NETWORK, attacker=Attacker.CODE, holder=Holder.KERNEL)


def _ports_of_the_environment(target: "Target") -> Seen:
    controlled(target.kernel, network.own_loopback)
    ports = target.ports
    answers = {}
    for name in ("hub", "desk", "inner", "proxy"):
        port = getattr(ports, name)
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass  # from outside it answers: the port is the right one
        answers[name] = target.kernel.call(network.connect, "127.0.0.1", port)
    for name, report in answers.items():
        seen = judge_refusal(report, "ECONNREFUSED")
        if seen.outcome != "held":
            return Seen(outcome=seen.outcome, evidence=f"{name}: {seen.evidence}")
    return held("hub, desk, the hub behind its proxy and the proxy itself: all ECONNREFUSED")


def _another_kernels_sockets(target: "Target") -> Seen:
    controlled(target.kernel, network.own_sockets)
    with target.fresh_kernel(target.ada) as other:
        if not value_of(other.call(network.own_sockets)):
            message = "the other kernel has no sockets to look for"
            raise CannotAttackError(message)
        found = value_of(target.kernel.call(network.reachable_sockets, seconds=60))
    if found:
        return is_open(f"can see {', '.join(found[:4])}")
    return held("no socket is to be seen but those of the kernel that looks")


def _judge_pip(ran: dict[str, Any]) -> Seen:
    if ran["status"] == 0:
        return is_open("pip fetched a package from the network")
    words = ("network is unreachable", "name resolution", "no matching distribution", "no-index")
    if any(word in ran["said"].lower() for word in words):
        return held(f"pip found no way to a package index (status {ran['status']})")
    return not_run(f"pip failed otherwise: {ran['said'][-200:]}")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="tcp-environment",
        title="The environment's own ports",
        tries="Connect by TCP to the hub, the desk and the proxy, which listen on 127.0.0.1.",
        run=_ports_of_the_environment,
    ),
    _attack(
        id="tcp-machine",
        title="A service of the machine",
        tries="Connect by TCP to a program that listens on this machine's 127.0.0.1.",
        run=refused(
            network.connect,
            "ECONNREFUSED",
            control=network.own_loopback,
            given=lambda target: ("127.0.0.1", target.baits.port),
        ),
    ),
    _attack(
        id="tcp-outside",
        title="An address outside",
        tries="Connect by TCP to an address on the internet.",
        run=refused(
            network.connect,
            "ENETUNREACH",
            control=network.own_loopback,
            given=lambda _: (OUTSIDE, 443),
        ),
    ),
    _attack(
        id="tcp-outside-6",
        title="An IPv6 address outside",
        tries="Connect by TCP to an IPv6 address on the internet.",
        run=refused(
            network.connect,
            "ENETUNREACH",
            "EADDRNOTAVAIL",
            control=network.own_loopback,
            given=lambda _: (OUTSIDE_6, 443, int(socket.AF_INET6)),
        ),
    ),
    _attack(
        id="udp-outside",
        title="A datagram outside",
        tries="Send a UDP datagram to an address on the internet, as a DNS tunnel does.",
        run=refused(
            network.send_datagram,
            "ENETUNREACH",
            control=network.own_pair,
            given=lambda _: (OUTSIDE, 53),
        ),
    ),
    _attack(
        id="udp-broadcast",
        title="A broadcast",
        tries="Send a UDP datagram to every machine of the local network.",
        run=refused(
            network.send_datagram,
            "ENETUNREACH",
            control=network.own_pair,
            given=lambda _: ("255.255.255.255", 9),
        ),
    ),
    _attack(
        id="dns",
        title="A name looked up",
        tries="Ask for the address of a name that holds data, so that a name server sees it.",
        run=refused(
            network.resolve,
            "EAI_AGAIN",
            str(socket.EAI_AGAIN),
            str(socket.EAI_NONAME),
            control=network.resolve_a_number,
            given=lambda _: ("secret.example.org",),
        ),
    ),
    _attack(
        id="http",
        title="A program that downloads",
        tries="Open an address by HTTP, as git, curl and package managers do.",
        run=refused(
            network.fetch,
            "ENETUNREACH",
            control=network.own_loopback,
            given=lambda _: (f"http://{OUTSIDE}/",),
        ),
    ),
    _attack(
        id="pip-network",
        title="pip from the network",
        tries="Install a package from the index that pip knows by itself.",
        run=told(
            network.pip,
            _judge_pip,
            control=network.resolve_a_number,
            given=lambda _: (
                *("download", "--no-deps", "--retries", "0", "--timeout", "2"),
                *("-d", "/tmp", "iniconfig"),  # noqa: S108 - of the session
            ),
        ),
    ),
    _attack(
        id="icmp",
        title="ICMP",
        tries="Open a raw socket to send data in pings.",
        run=refused(
            network.open_socket,
            "EPERM",
            "EPROTONOSUPPORT",
            "ESOCKTNOSUPPORT",
            control=network.own_pair,
            given=lambda _: (int(socket.AF_INET), int(socket.SOCK_RAW), socket.IPPROTO_ICMP),
        ),
    ),
    _attack(
        id="packet-socket",
        title="A packet socket",
        tries="Open a socket below IP, which sees and writes whole frames.",
        run=refused(
            network.open_socket,
            "EAFNOSUPPORT",
            control=network.own_pair,
            given=lambda _: (17, int(socket.SOCK_RAW)),
        ),
    ),
    _attack(
        id="vsock",
        title="The hypervisor's socket",
        tries="Open an AF_VSOCK socket, which no network namespace holds.",
        run=refused(
            network.open_socket,
            "EAFNOSUPPORT",
            control=network.own_pair,
            given=lambda _: (40, int(socket.SOCK_STREAM)),
        ),
    ),
    _attack(
        id="alg",
        title="The kernel's cryptography by socket",
        tries="Open an AF_ALG socket, through which flaws of the machine's kernel were reached.",
        run=refused(
            network.open_socket,
            "EAFNOSUPPORT",
            control=network.own_pair,
            given=lambda _: (38, int(socket.SOCK_SEQPACKET)),
        ),
    ),
    _attack(
        id="rare-families",
        title="Twenty-four rare families of sockets",
        tries="Open a socket of every other family (Bluetooth, CAN, TIPC, RDS, XDP and more).",
        run=finds_nothing(network.rare_families, control=network.own_pair),
    ),
    _attack(
        id="interfaces",
        title="Network interfaces",
        tries="Look for a network interface that leads anywhere.",
        run=finds_nothing(network.interfaces, control=network.own_links),
    ),
    _attack(
        id="netlink",
        title="A new network interface",
        tries="Make a network interface by netlink.",
        run=refused(network.new_interface, "EPERM", control=network.own_links),
    ),
    _attack(
        id="abstract-socket",
        title="An abstract socket of the machine",
        tries="Connect to a Unix socket that has a name and no file, as desktops use them.",
        run=refused(
            network.abstract_socket,
            "ECONNREFUSED",
            control=network.own_abstract_socket,
            given=lambda target: (target.baits.abstract,),
        ),
    ),
    _attack(
        id="socket-file",
        title="A socket left in a folder",
        tries="Connect to a Unix socket of another program by its file.",
        run=refused(
            network.socket_file,
            "ENOENT",
            control=network.own_pair,
            given=lambda target: (target.baits.socket_file,),
        ),
    ),
    _attack(
        id="system-sockets",
        title="Sockets of system services",
        tries="Connect to D-Bus, systemd, X11, Docker and other services by their files.",
        run=finds_nothing(
            network.reachable_sockets,
            control=network.own_sockets,
        ),
    ),
    _attack(
        id="other-kernel-sockets",
        title="Another kernel's sockets",
        tries="Find the sockets of a second kernel of the same session, to run code in it.",
        run=_another_kernels_sockets,
    ),
    _attack(
        id="connection-files",
        title="Connection files",
        tries="Find the file with the key of another kernel or of the server.",
        run=finds_nothing(network.connection_files, control=network.own_connection_file),
    ),
    _attack(
        id="shared-memory",
        title="Shared memory of the machine",
        tries="Find a System V shared memory segment of another program by its key.",
        run=refused(
            network.shared_memory,
            "ENOENT",
            control=network.own_shared_memory,
            given=lambda target: (target.baits.key,),
        ),
    ),
)
