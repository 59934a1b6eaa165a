"""Which kernels a session offers: the sealed ones that the spawner wrote, and no other."""

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from tornado import web
from traitlets import List, Unicode, default


class UnknownKernelError(web.HTTPError, NoSuchKernel):
    """There is no such kernel here; whoever asked is told which there are."""

    def __init__(self, asked: object, offered: list[str]):
        NoSuchKernel.__init__(self, str(asked))
        known = ", ".join(offered) or "none"
        web.HTTPError.__init__(
            self, 400, reason=f"this session has no kernel of that name; it has {known}"
        )


class OnlySealedKernels(KernelSpecManager):
    """Looks in the session's folder alone; a kernel without the seal does not exist."""

    folder = Unicode(help="The session's kernels.").tag(config=True)
    kernel_dirs = List(Unicode())

    @default("kernel_dirs")
    def _only_this_folder(self) -> list[str]:
        return [str(self.folder)]

    @default("ensure_native_kernel")
    def _not_the_servers_own_python(self) -> bool:
        return False

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Find a kernel, and refuse it if it would start without the seal.

        Raises UnknownKernelError for another name, and for what is no name.
        """
        offered = sorted(self.find_kernel_specs())
        if kernel_name not in offered:
            raise UnknownKernelError(kernel_name, offered)
        spec = super().get_kernel_spec(kernel_name)
        provisioner = spec.metadata.get("kernel_provisioner", {}).get("provisioner_name")
        if provisioner != "tre-sealed":
            raise UnknownKernelError(kernel_name, offered)
        return spec
