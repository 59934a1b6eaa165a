"""What the simulator costs on this machine: `make bench`. Each measure runs in its own process."""
