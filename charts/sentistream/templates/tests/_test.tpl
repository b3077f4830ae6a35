{{/* A pod of `helm test` from the API's image. Takes (list $ "name" container). */}}
{{- define "sentistream.test" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "sentistream.fullname" $root }}-test-{{ $name }}
  labels:
    {{- include "sentistream.podLabels" (list $root "test") | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  {{- include "sentistream.pod" (list $root "test" 10001) | nindent 2 }}
  containers:
    - name: {{ $name }}
      image: {{ include "sentistream.image" (list $root "api" $root.Values.api.image) }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      {{- index . 2 | nindent 6 }}
      resources:
        requests: {cpu: 20m, memory: 64Mi}
        limits: {cpu: 500m, memory: 256Mi}
      {{- include "sentistream.containerSecurity" $root | nindent 6 }}
      {{- with include "sentistream.caMount" $root }}
      volumeMounts:
        {{- . | nindent 8 }}
  volumes:
    {{- include "sentistream.caVolume" $root | nindent 4 }}
      {{- end }}
{{- end -}}
