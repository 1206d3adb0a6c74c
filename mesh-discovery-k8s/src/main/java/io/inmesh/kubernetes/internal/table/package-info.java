/** The cached table: what is watched for whom, and what is told. */
@NullMarked
package io.inmesh.kubernetes.internal.table;

import org.jspecify.annotations.NullMarked;
