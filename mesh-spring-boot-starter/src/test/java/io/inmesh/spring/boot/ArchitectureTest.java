package io.inmesh.spring.boot;

import io.inmesh.testing.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
