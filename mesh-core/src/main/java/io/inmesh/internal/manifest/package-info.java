/**
 * What files say of Kubernetes objects that stand beside rules: Services, workloads, Namespaces, Secrets by name, routes of
 * the Gateway API, and the names of rules that could not be read. Read leniently and for checks and explanations only.
 */
@NullMarked
package io.inmesh.internal.manifest;

import org.jspecify.annotations.NullMarked;
