package io.inmesh.internal.istio;

import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;

/**
 * How objects are read.
 *
 * @param unsupported what fields are that are not executed
 * @param defaultNamespace of objects that name none
 * @param user for whom
 */
public record Reading(UnsupportedFields unsupported, String defaultNamespace, RuleUser user) {}
