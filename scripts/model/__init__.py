"""Builds the model folder that the worker loads: train, export, quantise, evaluate, package."""

import os

# PyTorch's OpenMP threads spin while they wait for each other. On a machine that does anything
# else at the same time that costs up to five times the whole step, so let them sleep. Read when
# torch is first imported, which is after this.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
