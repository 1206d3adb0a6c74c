package io.inmesh.samples.gateway;

import io.inmesh.testing.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
