package io.inmesh.spring.boot.three;

import io.inmesh.testing.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
