package io.inmesh.kubernetes.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SavedServicesTest {
    private static final ServicePort HTTP = new ServicePort(80, "http", "HTTP");

    @Test
    void readsAliasesAndHeadlessServicesAsTheyWere() throws IOException {
        ServiceName alias = new ServiceName("alias.shop.svc.cluster.local");
        ServiceName db = new ServiceName("db.shop.svc.cluster.local");
        Map<ServiceName, ServiceEndpoints> services = Map.of(
                alias, ServiceEndpoints.alias(alias, "shop", db, List.of(HTTP), List.of("shop")),
                db,
                        new ServiceEndpoints(
                                        db,
                                        "shop",
                                        ServiceEndpoints.State.ENDPOINTS,
                                        List.of(),
                                        List.of(HTTP),
                                        Map.of(),
                                        List.of())
                                .withNamedInstances());

        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            new SavedServices().write(services, json);
        }

        assertThat(new SavedServices().read(JsonParser.parseString(text.toString())))
                .isEqualTo(services);
    }
}
