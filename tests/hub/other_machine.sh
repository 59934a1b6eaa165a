#!/bin/sh
# The first process of a machine of its own (user-mode Linux, started by test_other_machines.py):
# it asks the doctor's checks of the seal in different states of that machine, and switches it off.
# $root_, $python and $packages come as arguments of its kernel.
mount -t proc proc /proc
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
cd "$root_" || exit 1
export HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONDONTWRITEBYTECODE=1
checks="import json; from dataclasses import asdict; from tre.hub import seal_checks as c
looks = (c.limits, c.namespaces, c.seal)
print(json.dumps([asdict(look(None)) for look in looks]))"
ask() { echo "answer $1 $("$python" -c "$checks" 2>&1 | base64 -w0)"; }
ask no-groups

mount -t cgroup2 cgroup2 /sys/fs/cgroup
ask second-kind

service=/sys/fs/cgroup/tre.service
echo "+memory +pids +cpu" > /sys/fs/cgroup/cgroup.subtree_control
mkdir "$service"
chown 65534:65534 "$service" "$service"/cgroup.procs "$service"/cgroup.subtree_control \
    "$service"/cgroup.threads
"$python" -c "import os; os.setxattr('$service', 'user.delegate', b'1')"
prove="from tre.hub.machine import this_machine as t; from tre.hub.proof import prove_seal as p
import json, os; print(json.dumps([os.geteuid(), t().groups, p(t())]))"
echo "answer ordinary-user $(sh -c "echo \$\$ > $service/cgroup.procs; exec \"\$@\"" sh \
    setpriv --reuid=65534 --regid=65534 --clear-groups env PYTHONPATH="$root_:$packages" \
    /usr/bin/python3 -c "$prove" 2>&1 | base64 -w0)"
echo "answer left $(ls -d "$service"/tre-* /sys/fs/cgroup/tre-* /tmp/tre-* 2>/dev/null | base64 -w0)"
echo "answer switches $(cat "$service"/cgroup.subtree_control | base64 -w0)"

echo 0 > /proc/sys/user/max_user_namespaces
ask no-namespaces
echo o > /proc/sysrq-trigger
sleep 60
