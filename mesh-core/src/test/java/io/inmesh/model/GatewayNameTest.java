package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayNameTest {
    @ParameterizedTest
    @CsvSource({
        "mesh, mesh",
        "entry, shop/entry",
        "edge/entry, edge/entry",
        "edge/mesh, edge/mesh",
        "entry.edge, edge/entry",
        "entry.edge.svc.cluster.local, edge/entry",
    })
    void aNameIsReadInTheNamespaceOfTheRule(String written, String expected) {
        assertThat(GatewayName.of(written, "shop")).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"mesh, true", "default/mesh, false", "entry, false", "/mesh, false", "mesh., false"})
    void onlyTheReservedWordIsTheMesh(String written, boolean expected) {
        assertThat(GatewayName.of(written, "default").isMesh()).isEqualTo(expected);
    }
}
