/** Backends that fail by script, real calls to them through a mesh, and what a real sidecar did in their place. */
@NullMarked
package io.inmesh.okhttp.traffic;

import org.jspecify.annotations.NullMarked;
