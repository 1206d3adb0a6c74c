/** The command line: check rules, explain requests, list an application's clients. */
@NullMarked
package io.inmesh.cli;

import org.jspecify.annotations.NullMarked;
