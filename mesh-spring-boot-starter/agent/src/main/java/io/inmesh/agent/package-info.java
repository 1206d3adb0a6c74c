/** A Java agent that puts the mesh in front of those HTTP clients of Spring that are no beans. */
@NullMarked
package io.inmesh.agent;

import org.jspecify.annotations.NullMarked;
