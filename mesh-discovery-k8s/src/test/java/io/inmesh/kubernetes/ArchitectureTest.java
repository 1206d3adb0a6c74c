package io.inmesh.kubernetes;

import io.inmesh.testing.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
