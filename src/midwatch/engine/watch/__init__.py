"""The watch: takes alerts in, keeps incidents moving, and gets messages out."""
