{{/* Service of a component that serves HTTP. Takes (list $ "component"). */}}
{{- define "sentistream.service" -}}
{{- with (index (index . 0).Values (index . 1)).service -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "sentistream.metadata" $ | nindent 2 }}
  {{- with .annotations }}
  annotations: {{ toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .type }}
  selector:
    {{- include "sentistream.selectorLabels" $ | nindent 4 }}
  ports:
    - {name: http, port: {{ .port }}, targetPort: http}
{{- end -}}
{{- end -}}
