"""The families of attacks, in the order in which they are made, and what each teaches."""

from enum import StrEnum


class Family(StrEnum):
    """Attacks that belong together; the value is also what `--only` takes."""

    NETWORK = "network"
    CALLS = "system-calls"
    PROCESSES = "processes"
    MACHINE = "machine"
    PLANTING = "planting"
    LINKS = "links"
    DOWNLOADS = "downloads"
    MESSAGES = "messages"
    CROSS_SITE = "cross-site"
    HUB = "hub"
    DESK = "desk"
    INGRESS = "ingress"
    LETTERS = "letters"
    HOSTILE_FILES = "hostile-files"
    RESOURCES = "resources"


HEADINGS: dict[Family, str] = {
    Family.NETWORK: "The network and its sockets",
    Family.CALLS: "Calls to the machine's kernel",
    Family.PROCESSES: "Other processes",
    Family.MACHINE: "Files, devices and settings of the machine",
    Family.PLANTING: "Planted for the next kernel or server",
    Family.LINKS: "Links and odd files, planted to be followed",
    Family.DOWNLOADS: "Downloads through the browser",
    Family.MESSAGES: "What a kernel sends to the browser",
    Family.CROSS_SITE: "Pages elsewhere, and other people's cookies",
    Family.HUB: "The hub: other people, other projects, more rights",
    Family.DESK: "The desk: votes, requests, hashes",
    Family.INGRESS: "Code that is brought in",
    Family.LETTERS: "Letters in the outbox",
    Family.HOSTILE_FILES: "Files that attack whoever checks them",
    Family.RESOURCES: "Using up the machine",
}

LESSONS: dict[Family, str] = {
    Family.NETWORK: (
        "A session needs no network to be useful, and whatever has none cannot send data out of "
        "it. A network namespace closes nearly all families of sockets; a filter of system calls "
        "closes those that it does not cover, such as the hypervisor's."
    ),
    Family.CALLS: (
        "Namespaces hide things, and a flaw in the kernel of the machine would undo them. The "
        "filter takes away the calls in which such flaws are found and which no analysis needs."
    ),
    Family.PROCESSES: (
        "Whoever reads the memory of a process has its secrets. A session sees its own processes "
        "and no others, and nothing that it starts outlives it."
    ),
    Family.MACHINE: (
        "A session is shown what is named and nothing else: one extract to read, one workspace to "
        "write. There is no list of forbidden files that could be incomplete."
    ),
    Family.PLANTING: (
        "What cannot be done now may be done later by somebody else's kernel or by the server. "
        "Neither reads settings from a folder that researchers write."
    ),
    Family.LINKS: (
        "A link in a shared folder makes whoever follows it read for the attacker, with their own "
        "rights. Every reader outside the session opens files without following links."
    ),
    Family.DOWNLOADS: (
        "The server that shows a notebook can also hand out files, in more ways than one thinks. "
        "They are closed at the server and not only in the menus. This deters and leaves a "
        "record; what is on the screen has left already."
    ),
    Family.MESSAGES: (
        "What a kernel prints, a browser shows. No setting closes this; it is limited, counted "
        "and written down, and output cannot call out of the page by itself."
    ),
    Family.CROSS_SITE: (
        "A browser sends cookies along with requests that another page makes it send. Every change "
        "needs a secret that the other page cannot read, and comes from an origin that is known."
    ),
    Family.HUB: (
        "Being signed in is not being allowed. Who may open which session is asked every time, and "
        "nobody can give themselves or others more."
    ),
    Family.DESK: (
        "Four eyes work only if they are four: nobody votes on their own project, and what was "
        "approved is byte for byte what leaves."
    ),
    Family.INGRESS: (
        "What comes in can be data to link with, or a program that nobody has read. Code is "
        "scanned, and a person apart from the project reads every line before it is there."
    ),
    Family.LETTERS: (
        "The only way out of a session is a folder that an attacker writes. Who asks is known from "
        "where a letter lies; nothing that is written in it is believed."
    ),
    Family.HOSTILE_FILES: (
        "Checkers open what strangers send. Files are shown as inert copies, and are never loaded "
        "by a program that would run what is in them."
    ),
    Family.RESOURCES: (
        "Whoever uses up the machine stops everybody's work. Every session has limits that it "
        "cannot raise."
    ),
}

NOT_HELD: tuple[tuple[str, str], ...] = (
    (
        "The screen photographed, filmed, printed or copied by hand",
        "Nothing in software holds it; a locked room, a declaration and a sanction do.",
    ),
    (
        "Text selected and copied from the page",
        "It needs a desktop without a clipboard in front of the browser.",
    ),
    (
        "Text taken from the notebook's own messages with the browser's tools",
        "Whatever a kernel prints reaches the researcher's browser, which belongs to them. It is "
        "limited, counted and written down.",
    ),
    (
        "Data typed, pasted or saved into a notebook from the browser",
        "A saved notebook may hold a table as printed output: a browser that brings one in looks "
        "like one that saves its own. It is limited in size and written down; what an ingress "
        "request brings comes without outputs.",
    ),
    (
        "The page made to go to another address with data in it (top-level navigation)",
        "No content security policy forbids it; the browser needs a filtered network.",
    ),
    (
        "A WebRTC connection out of the researcher's browser",
        "Browsers have no header that forbids it; the browser needs a filtered network.",
    ),
    (
        "The disk filled by one workspace between two looks of the watch",
        "A workspace over its limit starts no kernel and ends its session after ten minutes. Files "
        "that were deleted and are held open count too, except one that is on its way through a "
        "socket. Quotas of the file system would refuse the write itself.",
    ),
    (
        "Side channels: timing, shared caches, use of the processor",
        "Sessions on one machine share its processors, and the files of the system. Two sessions "
        "that work together can signal: slowly by timing, quickly by locks on a file that both "
        "see. A virtual machine for each session would end most of it.",
    ),
    (
        "A flaw in the kernel of the machine, or in bubblewrap",
        "The filter of system calls makes one less likely to be reached; a virtual machine for "
        "each session would be a second wall.",
    ),
    (
        "The operator of the machine",
        "Whoever can write to the data home can change the database and its keys. The ledger "
        "makes a change visible to who holds an earlier head, not impossible.",
    ),
)
"""What no attack here tries, since nothing in this environment holds it; with what would."""
