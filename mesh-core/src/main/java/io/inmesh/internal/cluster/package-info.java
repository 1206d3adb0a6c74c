/** Clusters and the registry of hosts. */
@NullMarked
package io.inmesh.internal.cluster;

import org.jspecify.annotations.NullMarked;
