/**
 * Tests on a real control plane, run by {@code .ci/real/tests}: real etcd, API server and controllers, HTTP servers on
 * pods' addresses, and a stand-in for scheduler and kubelets.
 */
@NullMarked
package io.inmesh.kubernetes.real;

import org.jspecify.annotations.NullMarked;
