package io.inmesh.internal.istio;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;

/** Reads one object. */
abstract class RulesFixture {
    static Result object(String kind, String fields) {
        return ConfigReader.strict()
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: " + kind + ", metadata: {name: x}, spec: {" + fields
                                + "}}");
    }
}
