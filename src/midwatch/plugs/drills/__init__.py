"""What a drill touches: the commands of a fault, the probe, and the alerts of Prometheus."""
