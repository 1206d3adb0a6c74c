/** What an application sees of its mesh: metrics, traces, the access log. */
@NullMarked
package io.inmesh.spring.boot.telemetry;

import org.jspecify.annotations.NullMarked;
