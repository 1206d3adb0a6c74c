/** HTTP to the API server, over what client-java knows of configuration, authentication and TLS. */
@NullMarked
package io.inmesh.kubernetes.internal.api;

import org.jspecify.annotations.NullMarked;
