package io.inmesh.samples.bookinfo;

import io.inmesh.testing.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
