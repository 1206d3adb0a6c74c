package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceType;

/**
 * Which objects a reflector keeps.
 *
 * @param namespace empty for all
 * @param labelSelector in the API's own syntax, empty for none
 * @param fieldSelector in the API's own syntax, empty for none
 */
public record Selection<T extends KubernetesObject>(
        ResourceType<T> type, String namespace, String labelSelector, String fieldSelector) {
    @Override
    public String toString() {
        return type.qualifiedName()
                + (namespace.isEmpty() ? " of all namespaces" : " of namespace " + namespace)
                + (labelSelector.isEmpty() ? "" : " with " + labelSelector)
                + (fieldSelector.isEmpty() ? "" : " where " + fieldSelector);
    }
}
