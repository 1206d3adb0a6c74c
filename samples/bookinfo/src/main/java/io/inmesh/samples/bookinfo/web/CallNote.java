package io.inmesh.samples.bookinfo.web;

/**
 * What became of one outgoing call, for people.
 *
 * @param from service that called
 * @param url what it called
 * @param rule the rule that took the call and where it is written
 * @param reason which clause of the rule matched
 * @param cluster where the call went: service and subset; empty when nowhere
 * @param answer status, with Envoy's flag where the mesh decided it
 * @param explain where the caller's mesh tells more
 */
public record CallNote(
        String from, String url, String rule, String reason, String cluster, String answer, String explain) {}
