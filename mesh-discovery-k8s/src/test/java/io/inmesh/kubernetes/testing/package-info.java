/** Test doubles of this module. */
package io.inmesh.kubernetes.testing;
