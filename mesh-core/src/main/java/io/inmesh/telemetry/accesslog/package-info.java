/** The access log: an entry for each finished call and each request that came in, in Istio's form. */
@NullMarked
package io.inmesh.telemetry.accesslog;

import org.jspecify.annotations.NullMarked;
