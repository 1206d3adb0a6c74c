/** The command line: check rules, explain requests. */
@NullMarked
package io.inmesh.cli;

import org.jspecify.annotations.NullMarked;
