/** The command {@code clients}: where an application makes and calls HTTP clients, read from its byte code. */
@NullMarked
package io.inmesh.cli.clients;

import org.jspecify.annotations.NullMarked;
