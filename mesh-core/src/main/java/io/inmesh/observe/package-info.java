/**
 * Listening to the mesh: what it publishes and refuses, and each call from its start to its end, and
 * each request that comes in.
 */
@NullMarked
package io.inmesh.observe;

import org.jspecify.annotations.NullMarked;
