package io.inmesh.jmh.scale;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Services and their EndpointSlices as an API server writes them, with all that nobody but other controllers reads. */
final class ClusterJson {
    private static final String TIME = "2026-11-01T08:30:00Z";

    private ClusterJson() {}

    static List<byte[]> services(int count) {
        List<byte[]> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            objects.add(bytes(service(i)));
        }
        return objects;
    }

    /** One slice for each service. */
    static List<byte[]> slices(int count, int endpoints) {
        List<byte[]> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            objects.add(bytes(slice(i, endpoints)));
        }
        return objects;
    }

    private static String service(int i) {
        String ip = "10.96." + i / 250 + "." + i % 250;
        return """
                {"kind":"Service","apiVersion":"v1","metadata":{"name":"s%1$d","namespace":"default","uid":"%2$s",\
                "resourceVersion":"%3$d","creationTimestamp":"%5$s","labels":{"app":"s%1$d",\
                "app.kubernetes.io/managed-by":"Helm","app.kubernetes.io/name":"s%1$d","helm.sh/chart":"s%1$d-1.4.2"},\
                "annotations":{"meta.helm.sh/release-name":"s%1$d","meta.helm.sh/release-namespace":"default",\
                "kubectl.kubernetes.io/last-applied-configuration":"{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"Service\\",\
                \\"metadata\\":{\\"name\\":\\"s%1$d\\",\\"namespace\\":\\"default\\"},\\"spec\\":{\\"ports\\":[{\\"name\\":\
                \\"http\\",\\"port\\":80,\\"targetPort\\":8080}],\\"selector\\":{\\"app\\":\\"s%1$d\\"}}}\\n"},\
                "managedFields":[{"manager":"helm","operation":"Update","apiVersion":"v1","time":"%5$s",\
                "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:meta.helm.sh/release-name":{},\
                "f:meta.helm.sh/release-namespace":{}},"f:labels":{".":{},"f:app":{},"f:app.kubernetes.io/managed-by":{},\
                "f:app.kubernetes.io/name":{},"f:helm.sh/chart":{}}},"f:spec":{"f:internalTrafficPolicy":{},"f:ports":{\
                ".":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:name":{},"f:port":{},"f:protocol":{},\
                "f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},"f:type":{}}}}]},"spec":{"ports":[{\
                "name":"http","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"s%1$d"},\
                "clusterIP":"%4$s","clusterIPs":["%4$s"],"type":"ClusterIP","sessionAffinity":"None",\
                "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"},\
                "status":{"loadBalancer":{}}}""".formatted(i, uid(1, i), 1_000 + i, ip, TIME);
    }

    private static String slice(int i, int endpoints) {
        StringBuilder all = new StringBuilder();
        for (int pod = 0; pod < endpoints; pod++) {
            int number = i * endpoints + pod;
            all.append(pod == 0 ? "" : ",").append("""
                            {"addresses":["10.%d.%d.%d"],"conditions":{"ready":true,"serving":true,"terminating":false},\
                            "targetRef":{"kind":"Pod","namespace":"default","name":"s%d-7d9c6b5f4-%05x","uid":"%s"},\
                            "nodeName":"ip-10-0-%d-17.eu-west-1.compute.internal","zone":"eu-west-1%c"}""".formatted(
                            number >> 16 & 255,
                            number >> 8 & 255,
                            number & 255,
                            i,
                            number,
                            uid(2, number),
                            number % 200,
                            'a' + number % 3));
        }
        return """
                {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"s%1$d-x7k2p",\
                "generateName":"s%1$d-","namespace":"default","uid":"%2$s","resourceVersion":"%3$d","generation":14,\
                "creationTimestamp":"%4$s","labels":{"app":"s%1$d","app.kubernetes.io/managed-by":"Helm",\
                "app.kubernetes.io/name":"s%1$d","endpointslice.kubernetes.io/managed-by":\
                "endpointslice-controller.k8s.io","helm.sh/chart":"s%1$d-1.4.2","kubernetes.io/service-name":"s%1$d"},\
                "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"%4$s"},"ownerReferences":[{\
                "apiVersion":"v1","kind":"Service","name":"s%1$d","uid":"%5$s","controller":true,\
                "blockOwnerDeletion":true}],"managedFields":[{"manager":"kube-controller-manager","operation":"Update",\
                "apiVersion":"discovery.k8s.io/v1","time":"%4$s","fieldsType":"FieldsV1","fieldsV1":{"f:addressType":{},\
                "f:endpoints":{},"f:metadata":{"f:annotations":{".":{},\
                "f:endpoints.kubernetes.io/last-change-trigger-time":{}},"f:generateName":{},"f:labels":{".":{},\
                "f:app":{},"f:app.kubernetes.io/managed-by":{},"f:app.kubernetes.io/name":{},\
                "f:endpointslice.kubernetes.io/managed-by":{},"f:helm.sh/chart":{},"f:kubernetes.io/service-name":{}},\
                "f:ownerReferences":{".":{},"k:{\\"uid\\":\\"%5$s\\"}":{}}},"f:ports":{}}}]},"addressType":"IPv4",\
                "endpoints":[%6$s],"ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""".formatted(i, uid(3, i), 2_000 + i, TIME, uid(1, i), all);
    }

    private static String uid(int kind, int number) {
        return "%08x-7c1e-4b7a-9f0%d-5d2e8a6b4c10".formatted(number, kind);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
