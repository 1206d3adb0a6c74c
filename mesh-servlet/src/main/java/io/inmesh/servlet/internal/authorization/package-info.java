/** AuthorizationPolicies made ready to be asked. */
@NullMarked
package io.inmesh.servlet.internal.authorization;

import org.jspecify.annotations.NullMarked;
